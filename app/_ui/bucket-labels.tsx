import { formatBucket } from '@/lib/domain/format';
import type { TimeZone } from '@/lib/domain/time-zone';
import styles from './bucket-labels.module.css';
import { labelledBuckets } from './ticks';

/** The time axis below bars: about `count` labels, each at the middle of its bucket. Times are epoch milliseconds. */
export function BucketLabels({
  times,
  stepMs,
  count,
  zone,
  ...rest
}: {
  times: readonly number[];
  stepMs: number;
  count: number;
  zone: TimeZone;
  'aria-hidden'?: true;
}) {
  const shown = times.map((time) => time + zone.offsetAt(time));
  return (
    <div className={styles.labels} {...rest}>
      {labelledBuckets(shown, count).map(({ index, intervalMs }) => (
        <span key={index} style={{ left: `${((index + 0.5) / times.length) * 100}%` }}>
          {formatBucket(times[index] ?? 0, Math.max(intervalMs, stepMs), false, times.at(-1), zone)}
        </span>
      ))}
    </div>
  );
}
