import { formatBucket } from '@/lib/domain/format';
import type { TimeZone } from '@/lib/domain/time-zone';
import styles from './bucket-labels.module.css';
import { labelledBuckets } from './ticks';

/** This close to an end, a label has no room on a phone to be centred. */
const EDGE = 0.06;

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
      {labelledBuckets(shown, count).map(({ index, intervalMs }) => {
        const at = (index + 0.5) / times.length;
        const edge = at < EDGE ? 'start' : at > 1 - EDGE ? 'end' : undefined;
        return (
          <span key={index} style={{ '--at': `${at * 100}%` }} data-edge={edge}>
            {formatBucket(
              times[index] ?? 0,
              Math.max(intervalMs, stepMs),
              false,
              times.at(-1),
              zone,
            )}
          </span>
        );
      })}
    </div>
  );
}
