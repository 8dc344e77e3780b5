/**
 * The buckets of a histogram of response times, which are whole milliseconds: one for each up to 24 ms, then the widest
 * whose value is within `LATENCY_ERROR` of all in it; the last holds everything from `LONGEST_LATENCY` (5.7 minutes)
 * on.
 */
export const LATENCY_BUCKETS = 255;
/** How far a quantile may be from the true one, as a share of it. */
export const LATENCY_ERROR = 0.02;
/**
 * The same where roll-ups of earlier versions are in it: they had four buckets for each doubling, which become the
 * buckets that hold their middles.
 */
export const COARSE_LATENCY_ERROR = 0.13;

/** The least of each bucket, and the value it is counted as; both in milliseconds. */
const least = new Float64Array(LATENCY_BUCKETS);
const values = new Float64Array(LATENCY_BUCKETS);

/** Returns the value that is relatively as far from the one end of a bucket as from the other. */
const between = (low: number, high: number) =>
  low === high ? low : Number(((2 * low * high) / (low + high)).toPrecision(4));

/** How far a bucket reaches at least, whatever the rounding of its value: a little less than its error allows. */
const SURELY_WITHIN = ((1 + LATENCY_ERROR) / (1 - LATENCY_ERROR)) * 0.998;

let next = 0;
for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
  const low = next;
  const holds = (high: number) => {
    const value = between(low, high);
    return value - low <= low * LATENCY_ERROR && high - value <= high * LATENCY_ERROR;
  };
  least[bucket] = low;
  // Nearly all of the bucket is known to hold: to try each millisecond of it would take longer than the rest of a start.
  next = Math.max(next, Math.floor(low * SURELY_WITHIN));
  while (holds(next)) next++;
  values[bucket] = between(low, next - 1);
}
/** The least that the last bucket holds: a quantile of this value may be longer. */
export const LONGEST_LATENCY = least[LATENCY_BUCKETS - 1] ?? 0;
values[LATENCY_BUCKETS - 1] = LONGEST_LATENCY;

/** Returns the last bucket whose least is at most `ms`. */
function search(ms: number): number {
  let low = 0;
  let high = LATENCY_BUCKETS - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((least[middle] ?? 0) <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The buckets of the most frequent response times: ingest looks one up for each hit. */
const frequent = Uint8Array.from({ length: 8_192 }, (_, ms) => search(ms));

/** Returns the bucket of a response time in milliseconds, which is rounded as in a hit. */
export function latencyBucket(ms: number): number {
  const whole = Math.round(ms);
  return frequent[whole] ?? search(whole);
}

/** Returns the value of a bucket in milliseconds. */
export function bucketValue(bucket: number): number {
  return values[bucket] ?? LONGEST_LATENCY;
}

/**
 * Returns the `q` quantile (0 to 1, nearest rank) in milliseconds of the histogram at `counts[start … start +
 * LATENCY_BUCKETS)`; `null` when it is empty.
 */
export function latencyQuantile(counts: ArrayLike<number>, q: number, start = 0): number | null {
  return latencyQuantiles(counts, [q], start)[0] ?? null;
}

/** Returns several quantiles, the lowest first, as `latencyQuantile` does; none when the histogram is empty. */
export function latencyQuantiles(
  counts: ArrayLike<number>,
  qs: readonly number[],
  start = 0,
): number[] {
  const end = start + LATENCY_BUCKETS;
  let total = 0;
  for (let i = start; i < end; i++) total += counts[i] ?? 0;
  if (total === 0) return [];
  let bucket = start;
  let counted = counts[bucket] ?? 0;
  return qs.map((q) => {
    const rank = Math.max(1, Math.ceil(q * total));
    while (counted < rank && bucket < end - 1) counted += counts[++bucket] ?? 0;
    return bucketValue(bucket - start);
  });
}
