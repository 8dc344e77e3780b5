import { describe, expect, it } from 'vitest';
import { bucketMiddle, LATENCY_BUCKETS, latencyBucket, latencyQuantile } from './latency';

describe('the latency histogram', () => {
  it('puts every latency from a millisecond to ten minutes within 9.1 % of its bucket’s middle', () => {
    for (let ms = 1; ms < 600_000; ms *= 1.013) {
      const middle = bucketMiddle(latencyBucket(ms));
      expect(Math.abs(middle - ms) / ms).toBeLessThan(0.0915);
    }
  });

  it('keeps order and bounds, whatever comes', () => {
    let last = 0;
    for (const ms of [0, 0.9, 1, 1.1, 2, 50, 1e4, 1e9, Number.MAX_VALUE]) {
      const bucket = latencyBucket(ms);
      expect(bucket).toBeGreaterThanOrEqual(last);
      expect(bucket).toBeLessThan(LATENCY_BUCKETS);
      last = bucket;
    }
  });

  it('has no quantile when it is empty', () => {
    expect(latencyQuantile(new Uint32Array(LATENCY_BUCKETS), 0.5)).toBeNull();
  });

  it('finds quantiles by nearest rank', () => {
    const counts = new Uint32Array(LATENCY_BUCKETS);
    for (let ms = 1; ms <= 100; ms++) {
      const bucket = latencyBucket(ms);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    for (const [q, ms] of [
      [0.5, 50],
      [0.95, 95],
      [1, 100],
      [0, 1],
    ] as const) {
      const found = latencyQuantile(counts, q) ?? 0;
      expect(Math.abs(found - ms) / ms).toBeLessThan(0.1);
    }
  });
});
