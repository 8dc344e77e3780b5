'use client';

import type { AuditResponse } from '@/lib/api/audit';
import { ClockProvider } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { Name } from '../../_ui/name';
import { Panel } from '../../_ui/panel';
import { ListedTime } from '../../_ui/relative-time';
import accesses from '../accesses/accesses.module.css';
import frame from '../dashboard.module.css';
import styles from './audit.module.css';

/** One page of the audit, rendered at `now`. */
export function AuditScreen({
  now,
  page,
  isFirst,
}: {
  now: number;
  page: AuditResponse;
  isFirst: boolean;
}) {
  const { entries, next_cursor } = page;
  return (
    <ClockProvider now={now}>
      <main id="main" className={frame.page}>
        <h1 className={accesses.title}>Audit</h1>
        <Panel title="Who changed what" note="Newest first" csv={() => auditCsv(entries)}>
          {entries.length === 0 ? (
            <Empty title="No changes yet">
              Alerts acknowledged or muted and test messages sent are listed here, with the name of
              who did it.
            </Empty>
          ) : (
            <Rows entries={entries} />
          )}
          <nav className={accesses.pages} aria-label="More">
            {!isFirst && (
              <a className="control" href="/vpn/audit">
                Newest
              </a>
            )}
            {next_cursor && (
              <a className="control" href={`/vpn/audit?cursor=${next_cursor}`} rel="next">
                Older
              </a>
            )}
          </nav>
        </Panel>
      </main>
    </ClockProvider>
  );
}

function Rows({ entries }: { entries: AuditResponse['entries'] }) {
  return (
    <table className={`grid-table ${styles.audit}`}>
      <caption className="hidden">Changes, newest first</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">Action</th>
          <th scope="col">Target</th>
          <th scope="col">
            <span className="hidden">Log</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ id, time, actor, action, target, request_id }) => (
          <tr key={id}>
            <td>
              <ListedTime iso={time} />
            </td>
            <td>
              <Name text={actor} />
            </td>
            <td>{action}</td>
            <td>
              <Name text={target} />
            </td>
            <td>
              <a
                href={`/vpn/logs?level=DEBUG&hours=720&request_id=${encodeURIComponent(request_id)}`}
              >
                log
                <span className="hidden">
                  {' '}
                  of {action} {target}
                </span>
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function auditCsv(entries: AuditResponse['entries']) {
  return {
    name: 'audit',
    header: ['time', 'actor', 'action', 'target', 'request_id'],
    rows: entries.map(({ time, actor, action, target, request_id }) => [
      time,
      actor,
      action,
      target,
      request_id,
    ]),
  };
}
