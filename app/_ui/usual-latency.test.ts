import { describe, expect, it } from 'vitest';
import { MINUTE } from '@/lib/util/time';
import type { LatencyForecastResponse } from '../../lib/api/health-schemas';
import type { LatencyLine } from './latency-shapes';
import { reachOfUsual, usualOf } from './usual-latency';

const T0 = Date.UTC(2026, 10, 24);
const forecast = (...highs: number[]): LatencyForecastResponse => ({
  hostname: 'git',
  state: 'known',
  reason: null,
  slot_seconds: 1_800,
  points: highs.map((high_ms, i) => ({
    timestamp: new Date(T0 + i * 30 * MINUTE).toISOString(),
    expected_ms: high_ms / 2,
    low_ms: 0,
    high_ms,
  })),
});
const line = (from: number, steps: number, stepMinutes: number): LatencyLine => ({
  name: 'git',
  points: Array.from({ length: steps }, (_, i) => ({
    time: T0 + (from + i * stepMinutes) * MINUTE,
    avg: 1,
    min: 1,
    max: 1,
    loss: 0,
    path: 'direct',
    sent: 5,
    received: 5,
  })),
});
const highs = (...args: Parameters<typeof usualOf>) =>
  usualOf(...args).map((one) => one?.high ?? null);

describe('the band of what is usual', () => {
  it('runs straight from the middle of one half hour to that of the next, and is unknown outside', () => {
    expect(highs(line(-60, 5, 30), 30 * MINUTE, forecast(10, 16))).toEqual([
      null,
      null,
      10,
      16,
      null,
    ]);
    expect(highs(line(10, 6, 10), 10 * MINUTE, forecast(10, 16))).toEqual([
      10,
      12,
      14,
      16,
      null,
      null,
    ]);
  });

  it('is nothing while nothing is known', () => {
    expect(highs(line(0, 2, 30), 30 * MINUTE, forecast())).toEqual([null, null]);
  });

  it('makes the chart reach higher, but not so high that it flattens what was measured', () => {
    const usual = usualOf(line(0, 2, 30), 30 * MINUTE, forecast(10, 16));
    expect(reachOfUsual(usual, 14)).toBe(16);
    expect(reachOfUsual(usual, 4)).toBe(6);
    expect(reachOfUsual([], 4)).toBe(4);
    expect(reachOfUsual(usual, 0)).toBe(16);
  });
});
