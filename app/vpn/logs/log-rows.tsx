'use client';

import type { LogEntryResponse } from '@/lib/api/logs';
import { formatInstant } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { rich } from '../../_ui/rich';
import { useZone } from '../../_ui/zone';
import { ClockTime } from './clock-time';
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
                {entry.timestamp ? <ClockTime iso={entry.timestamp} /> : '—'}
              </span>
              <span className={styles.level}>{levelWord(entry.level)}</span>
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

/** Returns the name of a line's level; `null` is a line that has none. */
export const levelWord = (level: LogEntryResponse['level']) =>
  t(level === null ? 'logs.levelOther' : `logs.level${level}`);

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
  const zone = useZone();
  const narrowed = (change: Partial<LogView>) => logHref({ ...view, ...change });
  return (
    <dl className={styles.details}>
      {timestamp && (
        <div>
          <dt>{t('logs.atTime')}</dt>
          <dd>
            <time dateTime={timestamp}>{formatInstant(Date.parse(timestamp), zone)}</time>
          </dd>
        </div>
      )}
      <div>
        <dt>{t('logs.message')}</dt>
        <dd>
          <bdi>{entry.message}</bdi>
        </dd>
      </div>
      {module && (
        <div>
          <dt>{t('logs.writtenIn')}</dt>
          <dd>
            {rich('logs.by', {
              place: () => (
                <code>
                  {module}:{line}
                </code>
              ),
              name: () => <code>{name}</code>,
            })}
          </dd>
        </div>
      )}
      {logger && (
        <div>
          <dt>{t('logs.logger')}</dt>
          <dd>
            <a href={narrowed({ logger })}>{logger}</a>
          </dd>
        </div>
      )}
      {user && (
        <div>
          <dt>{t('logs.user')}</dt>
          <dd>
            <a href={narrowed({ user })}>
              <bdi>{user}</bdi>
            </a>
          </dd>
        </div>
      )}
      {request_id && (
        <div>
          <dt>{t('logs.request')}</dt>
          <dd>
            <a href={narrowed({ requestId: request_id, level: 'DEBUG' })}>{request_id}</a>
          </dd>
        </div>
      )}
      {data && (
        <div>
          <dt>{t('logs.data')}</dt>
          <dd>
            <pre>{JSON.stringify(data, null, 2)}</pre>
          </dd>
        </div>
      )}
      {exception && (
        <div>
          <dt>{t('logs.exception')}</dt>
          <dd>
            <pre>{exception}</pre>
          </dd>
        </div>
      )}
    </dl>
  );
}
