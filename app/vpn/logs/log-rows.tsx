'use client';

import type { LogEntryResponse } from '@/lib/api/logs';
import type { CsvTable } from '../../_ui/csv';
import { ListedTime } from '../../_ui/relative-time';
import { type LogView, logHref } from './log-view';
import styles from './logs.module.css';

/** Lines of the log, newest first; each opens to show all its fields. */
export function LogRows({
  entries,
  view,
}: {
  entries: readonly LogEntryResponse[];
  view: LogView;
}) {
  return (
    <ol className={styles.rows}>
      {entries.map((entry) => (
        <li key={entry.id} data-level={entry.level}>
          <details>
            <summary>
              <span className={styles.when}>
                {entry.timestamp ? <ListedTime iso={entry.timestamp} /> : '—'}
              </span>
              <span className={styles.level}>{entry.level?.toLowerCase() ?? 'other'}</span>
              <span className={styles.logger}>{entry.logger}</span>
              <bdi className={styles.message}>{entry.message}</bdi>
            </summary>
            <Details entry={entry} view={view} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function Details({ entry, view }: { entry: LogEntryResponse; view: LogView }) {
  const {
    timestamp,
    module,
    function: name,
    line,
    logger,
    user,
    request_id,
    data,
    exception,
  } = entry;
  const narrowed = (change: Partial<LogView>) => logHref({ ...view, ...change });
  return (
    <dl className={styles.details}>
      {timestamp && (
        <div>
          <dt>Time</dt>
          <dd>{timestamp}</dd>
        </div>
      )}
      <div>
        <dt>Message</dt>
        <dd>
          <bdi>{entry.message}</bdi>
        </dd>
      </div>
      {module && (
        <div>
          <dt>Written in</dt>
          <dd>
            <code>
              {module}:{line}
            </code>{' '}
            by <code>{name}</code>
          </dd>
        </div>
      )}
      {logger && (
        <div>
          <dt>Logger</dt>
          <dd>
            <a href={narrowed({ logger })}>{logger}</a>
          </dd>
        </div>
      )}
      {user && (
        <div>
          <dt>User</dt>
          <dd>
            <a href={narrowed({ user })}>
              <bdi>{user}</bdi>
            </a>
          </dd>
        </div>
      )}
      {request_id && (
        <div>
          <dt>Request</dt>
          <dd>
            <a href={narrowed({ requestId: request_id, level: 'DEBUG' })}>{request_id}</a>
          </dd>
        </div>
      )}
      {data && (
        <div>
          <dt>Data</dt>
          <dd>
            <pre>{JSON.stringify(data, null, 2)}</pre>
          </dd>
        </div>
      )}
      {exception && (
        <div>
          <dt>Exception</dt>
          <dd>
            <pre>{exception}</pre>
          </dd>
        </div>
      )}
    </dl>
  );
}

/** Returns the same lines as CSV. */
export function logsCsv(entries: readonly LogEntryResponse[]): CsvTable {
  return {
    name: 'log',
    header: [
      'timestamp',
      'level',
      'logger',
      'message',
      'module',
      'function',
      'line',
      'user',
      'request_id',
      'data',
      'exception',
    ],
    rows: entries.map((entry) => [
      entry.timestamp,
      entry.level,
      entry.logger,
      entry.message,
      entry.module,
      entry.function,
      entry.line,
      entry.user,
      entry.request_id,
      entry.data && JSON.stringify(entry.data),
      entry.exception,
    ]),
  };
}
