/**
 * The buckets of a latency histogram: bucket 0 holds [0, 1) ms, bucket i holds [2^((i-1)/4), 2^(i/4)) ms, the last
 * everything above 2^(78/4) ms (12 minutes). A quantile read from it is within 9.1 % of the true one (half a bucket,
 * geometrically).
 */
export const LATENCY_BUCKETS = 80;

/** The bucket of a latency in milliseconds. */
export function latencyBucket(ms: number): number {
  if (ms < 1) return 0;
  return Math.min(LATENCY_BUCKETS - 1, 1 + Math.floor(Math.log2(ms) * 4 + 1e-9));
}

/** Returns the middle of a bucket in milliseconds: geometric, but 0.5 for the first. */
export function bucketMiddle(bucket: number): number {
  return bucket === 0 ? 0.5 : 2 ** ((bucket - 0.5) / 4);
}

/**
 * Returns the `q` quantile (0 to 1, nearest rank) in milliseconds of the histogram at `counts[start … start +
 * LATENCY_BUCKETS)`; `null` when it is empty.
 */
export function latencyQuantile(counts: ArrayLike<number>, q: number, start = 0): number | null {
  let total = 0;
  for (let i = 0; i < LATENCY_BUCKETS; i++) total += counts[start + i] ?? 0;
  if (total === 0) return null;
  let rank = Math.max(1, Math.ceil(q * total));
  for (let i = 0; i < LATENCY_BUCKETS; i++) {
    rank -= counts[start + i] ?? 0;
    if (rank <= 0) return Number(bucketMiddle(i).toPrecision(3));
  }
  return null;
}
