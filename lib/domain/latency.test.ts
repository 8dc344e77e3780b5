import { describe, expect, it } from 'vitest';
import {
  bucketValue,
  LATENCY_BUCKETS,
  LATENCY_ERROR,
  LONGEST_LATENCY,
  latencyBucket,
  latencyQuantile,
} from './latency';

const histogramOf = (latencies: readonly number[]) => {
  const counts = new Uint32Array(LATENCY_BUCKETS);
  for (const ms of latencies) counts[latencyBucket(ms)] = (counts[latencyBucket(ms)] ?? 0) + 1;
  return counts;
};

describe('the latency histogram', () => {
  it('is exact up to 24 ms, and puts every longer latency within 2 % of its bucket’s value', () => {
    for (let ms = 0; ms <= 24; ms++) expect(bucketValue(latencyBucket(ms))).toBe(ms);
    let worst = 0;
    for (let ms = 25; ms < LONGEST_LATENCY; ms++) {
      worst = Math.max(worst, Math.abs(bucketValue(latencyBucket(ms)) - ms) / ms);
    }
    expect(worst).toBeLessThanOrEqual(LATENCY_ERROR);
    expect(LONGEST_LATENCY).toBeGreaterThan(220_000);
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
    const counts = histogramOf(Array.from({ length: 100 }, (_, i) => i + 1));
    for (const [q, ms] of [
      [0.5, 50],
      [0.95, 95],
      [1, 100],
      [0, 1],
    ] as const) {
      const found = latencyQuantile(counts, q) ?? 0;
      expect(Math.abs(found - ms) / ms).toBeLessThanOrEqual(LATENCY_ERROR);
    }
  });

  it('finds every quantile of any latencies within 2 %, and a lower bound of the longest', () => {
    for (let round = 0; round < 200; round++) {
      const spread = 1 + Math.random() * 14;
      const latencies = Array.from({ length: 1 + Math.floor(Math.random() * 500) }, () =>
        Math.round(Math.random() ** 3 * Math.exp(Math.random() * spread)),
      );
      const sorted = latencies.toSorted((a, b) => a - b);
      const counts = histogramOf(latencies);
      for (const q of [0, 0.5, 0.9, 0.95, 0.99, 1]) {
        const found = latencyQuantile(counts, q) ?? Number.NaN;
        const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? Number.NaN;
        if (exact >= LONGEST_LATENCY) expect(found).toBe(LONGEST_LATENCY);
        else expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * LATENCY_ERROR);
      }
    }
  });
});
