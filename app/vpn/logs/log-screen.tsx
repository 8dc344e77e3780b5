'use client';

import { useState } from 'react';
import type { LogsResponse } from '@/lib/api/logs';
import { formatBytes } from '@/lib/domain/format';
import { ClockProvider } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import accesses from '../accesses/accesses.module.css';
import frame from '../dashboard.module.css';
import { useLiveTail } from './live-tail';
import { LogFilters } from './log-filters';
import { LogRows, logsCsv } from './log-rows';
import { type LogView, logHref } from './log-view';
import styles from './logs.module.css';

/** One page of the log, rendered at `now`, with new lines on top while it is followed. */
export function LogScreen({
  now,
  page,
  view,
  isFirst,
}: {
  now: number;
  page: LogsResponse;
  view: LogView;
  isFirst: boolean;
}) {
  const [live, setLive] = useState(false);
  const canFollow = isFirst && view.to === null;
  const { entries, error } = useLiveTail(page.entries, view, live && canFollow);
  const href = logHref(view);
  return (
    <ClockProvider now={now}>
      <main id="main" className={frame.page}>
        <h1 className={accesses.title}>Log</h1>
        <p className={styles.lead}>
          This service’s own log: errors, refused requests, alerts, messages of tailscaled. Who
          changed what is in the <a href="/vpn/audit">audit</a>.
        </p>
        <LogFilters view={view} />
        <div className={frame.sections}>
          <Panel
            title={isFirst ? 'Newest first' : 'Older'}
            note={<Searched page={page} />}
            csv={entries.length > 0 ? () => logsCsv(entries) : undefined}
          >
            {canFollow && (
              <div className={styles.live} data-needs-js>
                <button
                  type="button"
                  className="control"
                  aria-pressed={live}
                  onClick={() => setLive(!live)}
                >
                  <i aria-hidden="true" />
                  {live ? 'Following' : 'Follow new lines'}
                </button>
                <p role="status">
                  {error && `New lines could not be loaded: ${error}`}
                  {live && !error && 'New lines appear on top as they are written.'}
                </p>
              </div>
            )}
            {entries.length === 0 ? (
              <Empty title="No line matches">
                {view.level === 'INFO' && !view.text
                  ? 'Nothing was logged in this time.'
                  : 'Choose a lower level, a longer time, or fewer words.'}{' '}
                <a href="/vpn/logs">Show the last 24 hours</a>
              </Empty>
            ) : (
              <LogRows entries={entries} view={view} />
            )}
            <nav className={accesses.pages} aria-label="More">
              {!isFirst && (
                <a className="control" href={href}>
                  Newest
                </a>
              )}
              {page.next_cursor && (
                <a className="control" href={`${href}&cursor=${page.next_cursor}`} rel="next">
                  Older
                </a>
              )}
            </nav>
          </Panel>
        </div>
      </main>
    </ClockProvider>
  );
}

function Searched({ page }: { page: LogsResponse }) {
  const searched = `Searched ${formatBytes(page.scanned_bytes)} of logs`;
  return page.complete ? searched : <>{searched}, not all: “Older” continues from there</>;
}
