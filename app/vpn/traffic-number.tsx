'use client';

import type { TrafficResponse } from '@/lib/api/traffic-schemas';
import { monthOfTrafficCall } from '@/lib/calls/page-calls';
import { formatBytes } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { MINUTE } from '@/lib/util/time';
import type { Loaded } from '../../lib/calls/call';
import { usePolling } from '../_ui/polling';
import styles from './numbers.module.css';
import { sinceWhen } from './traffic-since';
import { asSeenBy } from './view';
import { useView } from './view-context';

/** What has travelled in 30 days, each way, as one number of the dashboard. */
export function TrafficNumber({ initial }: { initial: Loaded<TrafficResponse> }) {
  const { collector } = useView().view;
  const polled = usePolling(monthOfTrafficCall(collector), MINUTE, initial);
  const { total, since, from } = polled.data ?? initial.initial;
  const received = formatBytes(total.rx_bytes);
  const sent = formatBytes(total.tx_bytes);
  const date = sinceWhen(since, from);
  return (
    <div>
      <dt>
        <a href={asSeenBy('/vpn/traffic', collector)}>{t('ui.traffic30')}</a>
      </dt>
      <dd>
        <span className={styles.value}>
          {since === null ? '—' : formatBytes(total.rx_bytes + total.tx_bytes)}
        </span>
        <span className={styles.note}>
          {since === null
            ? t('ui.trafficNone')
            : date === null
              ? t('ui.trafficBoth', { received, sent })
              : t('ui.trafficSince', { received, sent, date })}
        </span>
      </dd>
    </div>
  );
}
