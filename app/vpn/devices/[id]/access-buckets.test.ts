import { describe, expect, it } from 'vitest';
import type { AccessLogsResponse, UsageResponse } from '../../../../lib/api/schemas';
import { accessBuckets } from './access-buckets';

const at = (minute: number) => new Date(minute * 60_000).toISOString();
const axis = { from: 30 * 60_000, to: 90 * 60_000 };
const usage = {
  step_seconds: 3600,
  series: [
    { time: at(0), hits: 4, users: 1, errors: 1 },
    { time: at(60), hits: 6, users: 1, errors: 0 },
    { time: at(120), hits: 9, users: 1, errors: 0 },
  ],
} as UsageResponse;
const hits = (total: number, minutes: number[]) =>
  ({
    total,
    hits: minutes.map((m) => ({ time: at(m), status: m % 2 ? 200 : 500 })),
  }) as AccessLogsResponse;

describe('accessBuckets', () => {
  it('cuts the bars at the ends of the axis', () => {
    expect(accessBuckets(usage, undefined, axis)).toEqual([
      { from: axis.from, to: 60 * 60_000, hits: 4, errors: 1 },
      { from: 60 * 60_000, to: axis.to, hits: 6, errors: 0 },
    ]);
  });

  it('draws a short range hit by hit', () => {
    const drawn = accessBuckets(usage, hits(3, [30, 30.5, 89]), axis).filter((b) => b.hits > 0);
    expect(drawn).toEqual([
      { from: axis.from, to: axis.from + 60_000, hits: 2, errors: 1 },
      { from: 89 * 60_000, to: 90 * 60_000, hits: 1, errors: 0 },
    ]);
  });

  it('never draws a part of the hits as if it were all', () => {
    expect(accessBuckets(usage, hits(1000, [30]), axis)).toHaveLength(2);
  });
});
