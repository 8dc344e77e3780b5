'use client';

import type { UsageResponse } from '@/lib/api/schemas';
import { formatBytes, formatLatency } from '@/lib/domain/format';
import { Empty } from '../../../_ui/empty';
import { Name } from '../../../_ui/name';
import { Panel } from '../../../_ui/panel';
import { ListedTime } from '../../../_ui/relative-time';
import { useZone } from '../../../_ui/zone';
import { hitsCsv } from '../../hit-rows';
import { asSeenBy } from '../../view';
import styles from './device-accesses.module.css';
import { type DeviceView, hoursWords } from './device-view';

/** The last accesses from a device. */
export function DeviceAccesses({
  hostname,
  view,
  usage,
}: {
  hostname: string;
  view: DeviceView;
  usage: UsageResponse;
}) {
  const zone = useZone();
  const query = new URLSearchParams({ device: hostname });
  const hrefOf = (page: string) => asSeenBy(`${page}?${query}`, view.collector);
  return (
    <Panel
      title="Last accesses from this device"
      note={
        <>
          <a href={hrefOf('/vpn/accesses')}>All its accesses</a> ·{' '}
          <a href={hrefOf('/vpn')}>Dashboard for this device</a>
        </>
      }
      csv={usage.recent.length > 0 ? () => hitsCsv('accesses', usage.recent, zone) : undefined}
    >
      {usage.recent.length === 0 ? (
        <Empty title={`No accesses from this device ${hoursWords(view.hours).during}`} />
      ) : (
        <ul className={styles.hits}>
          {usage.recent.map((hit, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two equal lines of a log are two hits.
            <li key={`${hit.time} ${index}`}>
              <span className={styles.when}>
                <ListedTime iso={hit.time} />
              </span>
              <span className={styles.request}>
                {hit.method && hit.method !== 'GET' && <b>{hit.method}</b>}
                <Name text={hit.path ?? 'Not an HTTP request'} />
              </span>
              <span className={styles.user}>
                <Name text={hit.user} />
              </span>
              <span data-class={hit.status ? Math.floor(hit.status / 100) : 0}>
                {hit.status ?? '—'}
              </span>
              <span>{formatLatency(hit.response_time_ms)}</span>
              <span className={styles.size}>
                {hit.bytes === null ? '—' : formatBytes(hit.bytes)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
