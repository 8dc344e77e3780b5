'use client';

import type { HitResponse } from '@/lib/api/schemas';
import { formatBytes, formatIso, formatLatency } from '@/lib/domain/format';
import type { TimeZone } from '@/lib/domain/time-zone';
import { t } from '@/lib/i18n/t';
import type { CsvTable } from '../_ui/csv';
import { Name } from '../_ui/name';
import { ListedTime } from '../_ui/relative-time';
import styles from './hit-rows.module.css';
import { FilterLink } from './view-context';

/** Accesses as a table, newest first; two lines per row on a phone. */
export function HitRows({ hits, caption }: { hits: readonly HitResponse[]; caption: string }) {
  const timed = hits.some((hit) => hit.response_time_ms !== null);
  const several = new Set(hits.map((hit) => hit.host)).size > 1;
  return (
    <div className={styles.container}>
      <table className={`grid-table ${styles.hits}`} data-timed={timed}>
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t('usage.when')}</th>
            <th scope="col">{t('usage.user')}</th>
            <th scope="col">{t('usage.device')}</th>
            <th scope="col">{t('usage.request')}</th>
            <th scope="col">{t('usage.status')}</th>
            {timed && <th scope="col">{t('usage.duration')}</th>}
            <th scope="col">{t('usage.size')}</th>
          </tr>
        </thead>
        <tbody>
          {hits.map((hit, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two equal lines of a log are two hits.
            <tr key={`${hit.time} ${index}`}>
              <td className={styles.when}>
                <ListedTime iso={hit.time} />
              </td>
              <td className={styles.user}>
                <FilterLink filter="user" value={hit.user} title={`${hit.user} ${hit.ip}`} />
              </td>
              <td className={styles.device}>
                <FilterLink filter="device" value={hit.device} title={`${hit.device} ${hit.ip}`} />
              </td>
              <td className={styles.request}>
                <Request hit={hit} host={several ? hit.host : null} />
              </td>
              <td
                className={styles.status}
                data-class={hit.status ? Math.floor(hit.status / 100) : 0}
              >
                {hit.status ? <FilterLink filter="status" value={String(hit.status)} /> : '—'}
              </td>
              {timed && <td className={styles.duration}>{formatLatency(hit.response_time_ms)}</td>}
              <td className={styles.size}>{hit.bytes === null ? '—' : formatBytes(hit.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Returns the same accesses as CSV. */
export function hitsCsv(name: string, hits: readonly HitResponse[], zone: TimeZone): CsvTable {
  return {
    name,
    header: [
      'time',
      'ip',
      'user',
      'device',
      'method',
      'path',
      'endpoint',
      'status',
      'response_time_ms',
      'bytes',
      'client',
      'bot',
      'host',
      'device_id',
    ],
    rows: hits.map((hit) => [
      formatIso(Date.parse(hit.time), zone),
      hit.ip,
      hit.user,
      hit.device,
      hit.method,
      hit.path,
      hit.endpoint,
      hit.status,
      hit.response_time_ms,
      hit.bytes,
      hit.client,
      String(hit.bot),
      hit.host,
      hit.device_id,
    ]),
  };
}

function Request({ hit, host }: { hit: HitResponse; host: string | null }) {
  if (hit.path === null) return <Name text={t('usage.notHttp')} />;
  return (
    <>
      {hit.method !== 'GET' && <span className={styles.method}>{hit.method}</span>}
      <FilterLink filter="endpoint" value={hit.endpoint} text={hit.path} title={hit.path} />
      {host !== null && (
        <span className={styles.host}>
          <FilterLink filter="host" value={host} />
        </span>
      )}
      {hit.bot && <span className={styles.bot}>{t('usage.bot')}</span>}
    </>
  );
}
