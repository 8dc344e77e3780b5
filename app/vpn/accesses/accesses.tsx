'use client';

import type { AccessLogsResponse } from '@/lib/api/schemas';
import { accessLogCall } from '@/lib/calls/page-calls';
import { formatCount, formatQuantity } from '@/lib/domain/format';
import { ClockProvider } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { useZone } from '../../_ui/zone';
import frame from '../dashboard.module.css';
import { HitRows, hitsCsv } from '../hit-rows';
import { Toolbar } from '../toolbar';
import { apiParameters, rangeWords, withoutFilters } from '../view';
import { useView, ViewLink, ViewProvider } from '../view-context';
import styles from './accesses.module.css';

/** One page of the access log, rendered at `now`. */
export function Accesses({
  now,
  page,
  isFirst,
}: {
  now: number;
  page: AccessLogsResponse;
  isFirst: boolean;
}) {
  return (
    <ClockProvider now={now}>
      <ViewProvider page="/vpn/accesses" live={false}>
        <main id="main" className={frame.page}>
          <h1 className={styles.title}>Accesses</h1>
          <Toolbar />
          <div className={frame.sections}>
            <Hits page={page} isFirst={isFirst} />
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
      title={isFirst ? 'Newest first' : 'Older'}
      note={`${formatQuantity(total, 'access', 'accesses')} ${rangeWords(view.range).during}`}
      csv={() => hitsCsv('accesses', hits, zone)}
    >
      {hits.length === 0 ? (
        <Empty title="No access matches">
          <ViewLink to={{ ...withoutFilters(view), range: '90d' }}>
            Show the last 90 days without filters
          </ViewLink>
        </Empty>
      ) : (
        <HitRows hits={hits} caption="Accesses, newest first" />
      )}
      <Downloads page={page} />
      <nav className={styles.pages} aria-label="More">
        {!isFirst && (
          <a className="control" href={href}>
            Newest
          </a>
        )}
        {next_cursor && (
          <a className="control" href={older} rel="next">
            Older
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
  const what = kept === total ? `all ${formatCount(kept)}` : formatCount(kept);
  return (
    <p className={styles.downloads}>
      {`Download ${what} as `}
      <a href={`${call}.csv?${query}`} download>
        CSV
      </a>
      {' or '}
      <a href={`${call}.jsonl?${query}`} download>
        JSON Lines
      </a>
      {kept < total && ' (older ones are kept as counts only)'}
    </p>
  );
}
