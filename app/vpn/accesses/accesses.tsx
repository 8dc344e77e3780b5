'use client';

import type { ReactNode } from 'react';
import type { AccessLogsResponse } from '@/lib/api/schemas';
import { accessLogCall } from '@/lib/calls/page-calls';
import { formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { SECOND } from '@/lib/util/time';
import { ClockProvider } from '../../_ui/clock';
import { Panel } from '../../_ui/panel';
import { rich } from '../../_ui/rich';
import { TryAgainSoon } from '../../_ui/try-again-soon';
import { useZone } from '../../_ui/zone';
import frame from '../dashboard.module.css';
import { HitRows, hitsCsv } from '../hit-rows';
import { type Circumstances, NoAccesses } from '../no-accesses';
import { Toolbar } from '../toolbar';
import { apiParameters, rangeWords } from '../view';
import { useView, ViewProvider } from '../view-context';
import styles from './accesses.module.css';

/** How often the page is loaded anew while the log is being read: it shows accesses as of its loading. */
const WHILE_READING_MS = 2 * SECOND;

/** One page of the access log, rendered at `now`. */
export function Accesses({
  now,
  page,
  why,
  isFirst,
}: {
  now: number;
  page: AccessLogsResponse;
  /** Why there are none; `null` where there are some. */
  why: Circumstances | null;
  isFirst: boolean;
}) {
  return (
    <ClockProvider now={now}>
      <ViewProvider page="/vpn/accesses" live={false}>
        <main id="main" className={frame.page}>
          <h1 className={styles.title}>{t('common.accesses')}</h1>
          <Toolbar />
          <div className={`${frame.sections} ${styles.list}`}>
            {why ? <NoAccesses {...why} /> : <Hits page={page} isFirst={isFirst} />}
            {why && why.health.access_log.backlog_bytes > 0 && (
              <TryAgainSoon everyMs={WHILE_READING_MS} />
            )}
          </div>
        </main>
      </ViewProvider>
    </ClockProvider>
  );
}

function Hits({ page, isFirst }: { page: AccessLogsResponse; isFirst: boolean }) {
  const { view, hrefOf } = useView();
  const zone = useZone();
  const { hits, total, next_cursor } = page;
  const href = hrefOf(view);
  const older = `${href}${href.includes('?') ? '&' : '?'}cursor=${next_cursor}`;
  return (
    <Panel
      title={t(isFirst ? 'accessList.newestFirst' : 'accessList.older')}
      note={t('accessList.counted', {
        accesses: t('usage.accessCount', { count: total }),
        during: rangeWords(view.range).during,
      })}
      csv={() => hitsCsv('accesses', hits, zone)}
    >
      <HitRows hits={hits} caption={t('accessList.caption')} />
      <Downloads page={page} />
      <nav className={styles.pages} aria-label={t('accessList.more')}>
        {!isFirst && (
          <a className="control" href={href}>
            {t('accessList.newest')}
          </a>
        )}
        {next_cursor && (
          <a className="control" href={older} rel="next">
            {t('accessList.older')}
          </a>
        )}
      </nav>
    </Panel>
  );
}

/** Links to all that match, not only those on this page. */
function Downloads({ page }: { page: AccessLogsResponse }) {
  const { view } = useView();
  const { from, to, kept, total } = page;
  if (kept === 0) return null;
  const { days: _, ...filters } = { days: undefined, ...apiParameters(view) };
  const { path } = accessLogCall({ ...filters, from, to });
  const [call = '', query = ''] = path.split('?');
  const link = (format: string) => (words: ReactNode) => (
    <a href={`${call}.${format}?${query}`} download>
      {words}
    </a>
  );
  return (
    <p className={styles.downloads}>
      {rich(kept === total ? 'accessList.all' : 'accessList.some', {
        count: formatCount(kept),
        csv: link('csv'),
        jsonl: link('jsonl'),
      })}
    </p>
  );
}
