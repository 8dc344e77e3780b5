'use client';

import type { AccessLogsResponse, UsageResponse } from '@/lib/api/schemas';
import { formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { PlotFrame } from '../../../_ui/plot-frame';
import { PlotSvg } from '../../../_ui/plot-grid';
import { ResponseTime } from '../../../_ui/response-time';
import { countTicks } from '../../../_ui/ticks';
import styles from './access-bars.module.css';
import { accessBuckets } from './access-buckets';

/** The accesses from a device, on the same time axis as its latency: bars with errors on top. */
export function AccessBars({
  usage,
  hits,
  axis,
  during,
}: {
  usage: UsageResponse;
  hits: AccessLogsResponse | undefined;
  axis: { from: number; to: number };
  during: string;
}) {
  const buckets = accessBuckets(usage, hits, axis);
  const ticks = countTicks(Math.max(0, ...buckets.map((bucket) => bucket.hits)), 2);
  const top = ticks.at(-1) ?? 1;
  const errors = buckets.reduce((sum, bucket) => sum + bucket.errors, 0);
  const total = t('device.accesses', { count: usage.total_accesses });
  const bar = (from: number, to: number, low: number, high: number) => {
    const scale = 1000 / (axis.to - axis.from);
    const inset = (to - from) * 0.08;
    const x = round((from + inset - axis.from) * scale);
    const width = Math.max(1, round((to - from - 2 * inset) * scale));
    const height = ((high - low) / top) * 100;
    return `M${x} ${round(100 - (low / top) * 100)}v${-round(height)}h${width}v${round(height)}z`;
  };
  const draw = (part: (bucket: (typeof buckets)[number]) => [number, number]) =>
    buckets
      .map((bucket) => {
        const [low, high] = part(bucket);
        return high > low ? bar(bucket.from, bucket.to, low, high) : '';
      })
      .join('');
  return (
    <>
      <PlotFrame
        axis={axis}
        ticks={ticks.map((tick) => ({ at: tick / top, label: formatCount(tick) }))}
        label={t('device.barsLabel', { total, during, errors: formatCount(errors) })}
        height={72}
      >
        <PlotSvg className={styles.bars}>
          <path d={draw((bucket) => [0, bucket.hits - bucket.errors])} fill="var(--bar)" />
          <path
            d={draw((bucket) => [bucket.hits - bucket.errors, bucket.hits])}
            fill="var(--critical)"
          />
        </PlotSvg>
        {usage.total_accesses === 0 && (
          <span className={styles.none}>{t('device.noneDuring', { during })}</span>
        )}
      </PlotFrame>
      {usage.total_accesses > 0 && (
        <p className={styles.words}>
          <b>{total}</b>
          {errors > 0 && `, ${t('device.errors', { count: errors })}`}
          {usage.p95_ms !== null && (
            <>
              {', p95 '}
              <ResponseTime ms={usage.p95_ms} error={usage.response_time_error} />
            </>
          )}
        </p>
      )}
    </>
  );
}

const round = (value: number) => Math.round(value * 10) / 10;
