'use client';

import type { UsageResponse } from '@/lib/api/schemas';
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
      title="Last accesses"
      note={
        <>
          <a href={viewHref(view, '/vpn/accesses')}>All accesses</a>
          {missed > 0 && ` · ${missed} more just now`}
        </>
      }
      csv={() => hitsCsv('last-accesses', hits, zone)}
    >
      <div {...props}>
        {hits.length === 0 ? (
          <Empty title="No accesses in this range" />
        ) : (
          <HitRows hits={hits} caption="The last accesses" />
        )}
      </div>
    </Panel>
  );
}
