'use client';

import type { TrafficResponse } from '@/lib/api/traffic-schemas';
import { formatBytes } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import styles from './traffic.module.css';

const allOf = ({ rx_bytes, tx_bytes }: TrafficResponse['total']) => rx_bytes + tx_bytes;

/** Today, this month and the last one, each way. */
export function TrafficNumbers({
  today,
  month,
  lastMonth,
}: Record<'today' | 'month' | 'lastMonth', TrafficResponse>) {
  return (
    <dl className={styles.numbers}>
      <Stat label={t('traffic.today')} of={today} />
      <Stat label={t('traffic.month')} of={month} />
      <Stat label={t('traffic.lastMonth')} of={lastMonth} />
    </dl>
  );
}

function Stat({ label, of }: { label: string; of: TrafficResponse }) {
  const { total, since, to } = of;
  const isCounted = since !== null && since < to;
  const received = formatBytes(total.rx_bytes);
  const sent = formatBytes(total.tx_bytes);
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <span className={styles.value}>{isCounted ? formatBytes(allOf(total)) : '—'}</span>
        <span className={styles.note}>
          {isCounted ? t('traffic.bothWays', { received, sent }) : t('traffic.notCounted')}
        </span>
      </dd>
    </div>
  );
}
