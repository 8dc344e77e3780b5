'use client';

import type { UsageResponse } from '@/lib/api/schemas';
import { formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { Empty } from '../_ui/empty';
import { Panel } from '../_ui/panel';
import { useWhileRead } from '../_ui/stable-order';
import { useZone } from '../_ui/zone';
import { HitRows, hitsCsv } from './hit-rows';
import { viewHref, viewQuery } from './view';
import { useView } from './view-context';

/** The last accesses. They do not move while the pointer is over them; new ones are counted meanwhile. */
export function RecentHits({
  usage,
  pending,
}: {
  usage: UsageResponse;
  /** `usage` is still that of the previous view. */
  pending: boolean;
}) {
  const { view } = useView();
  const zone = useZone();
  const { held, props } = useWhileRead(usage, `${viewQuery(view)} ${pending}`);
  const missed = usage.total_accesses - held.total_accesses;
  const hits = held.recent;
  return (
    <Panel
      title={t('dashboard.lastAccesses')}
      note={
        <>
          <a href={viewHref(view, '/vpn/accesses')}>{t('dashboard.allAccesses')}</a>
          {missed > 0 && ` · ${t('dashboard.moreNow', { count: formatCount(missed) })}`}
        </>
      }
      csv={() => hitsCsv('last-accesses', hits, zone)}
    >
      <div {...props}>
        {hits.length === 0 ? (
          <Empty title={t('dashboard.noAccesses')} />
        ) : (
          <HitRows hits={hits} caption={t('dashboard.theLastAccesses')} />
        )}
      </div>
    </Panel>
  );
}
