'use client';

import type { UsageResponse } from '@/lib/api/schemas';
import { formatBytes, formatLatency } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { Empty } from '../../../_ui/empty';
import { Name } from '../../../_ui/name';
import { Panel } from '../../../_ui/panel';
import { ListedTime } from '../../../_ui/relative-time';
import { useZone } from '../../../_ui/zone';
import { hitsCsv } from '../../hit-rows';
import { asSeenBy } from '../../view';
import styles from './device-accesses.module.css';
import { type DeviceView, rangeDuring } from './device-view';

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
      title={t('device.lastAccesses')}
      note={
        <>
          <a href={hrefOf('/vpn/accesses')}>{t('device.allAccesses')}</a> ·{' '}
          <a href={hrefOf('/vpn')}>{t('device.dashboardOf')}</a>
        </>
      }
      csv={usage.recent.length > 0 ? () => hitsCsv('accesses', usage.recent, zone) : undefined}
    >
      {usage.recent.length === 0 ? (
        <Empty title={t('device.noAccesses', { during: rangeDuring(view.range) })} />
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
                <Name text={hit.path ?? t('device.notHttp')} />
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
