import type { AccessLogsResponse, UsageResponse } from '@/lib/api/schemas';

/** Accesses in a stretch of time; epoch milliseconds. */
export type Bucket = { from: number; to: number; hits: number; errors: number };

/** Sixty bars are enough for any range. */
const BARS = 60;

/** Returns the accesses of a range as bars: from its series, or from single hits where the range is too short for one (and all hits are there). */
export function accessBuckets(
  usage: UsageResponse,
  hits: AccessLogsResponse | undefined,
  axis: { from: number; to: number },
): Bucket[] {
  if (hits && hits.total <= hits.hits.length) return fromHits(hits, axis);
  const step = usage.step_seconds * 1000;
  const starts = usage.series.map(({ time }) => Date.parse(time));
  return usage.series.flatMap(({ hits: count, errors }, index) => {
    const start = starts[index] ?? 0;
    const from = Math.max(axis.from, start);
    const to = Math.min(axis.to, starts[index + 1] ?? start + step);
    return to > from ? [{ from, to, hits: count, errors }] : [];
  });
}

function fromHits({ hits }: AccessLogsResponse, axis: { from: number; to: number }): Bucket[] {
  const step = (axis.to - axis.from) / BARS;
  const buckets = Array.from({ length: BARS }, (_, index) => ({
    from: axis.from + index * step,
    to: axis.from + (index + 1) * step,
    hits: 0,
    errors: 0,
  }));
  for (const { time, status } of hits) {
    const bucket = buckets[Math.floor((Date.parse(time) - axis.from) / step)];
    if (!bucket) continue;
    bucket.hits++;
    if (status !== null && status >= 400) bucket.errors++;
  }
  return buckets;
}
