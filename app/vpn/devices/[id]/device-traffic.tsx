'use client';

import type { TrafficResponse } from '@/lib/api/traffic-schemas';
import { formatBytes } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { Panel } from '../../../_ui/panel';
import { TrafficChart } from '../../traffic/traffic-chart';
import { sinceWhen } from '../../traffic-since';

/** What has travelled to and from a device in 30 days, by path. */
export function DeviceTraffic({ traffic }: { traffic: TrafficResponse }) {
  const { total, since, from } = traffic;
  const received = formatBytes(total.rx_bytes);
  const sent = formatBytes(total.tx_bytes);
  const date = sinceWhen(since, from);
  if (total.rx_bytes + total.tx_bytes === 0) {
    return <Panel title={t('traffic.ofDevice')}>{t('traffic.ofDeviceNone')}</Panel>;
  }
  return (
    <Panel
      title={t('traffic.ofDevice')}
      note={
        date === null
          ? t('traffic.ofDeviceNote', { received, sent })
          : t('traffic.ofDeviceSince', { received, sent, date })
      }
    >
      <TrafficChart answer={traffic} by="path" />
    </Panel>
  );
}
