import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../util/time';
import { TimeZone, UTC } from './time-zone';
import { spreadOver, trafficStarts } from './traffic-buckets';

const T0 = Date.UTC(2026, 10, 20);
const between = (from: number, to: number, rxBytes: number, txBytes = 0) => ({
  ...{ from, to, rxBytes, txBytes },
});

describe('what was counted between two looks', () => {
  it('falls into the hour and the day it was in', () => {
    const at = T0 + 5 * HOUR + 10 * MINUTE;
    expect(spreadOver(between(at, at + 10_000, 7, 3), UTC)).toEqual([
      { hour: T0 + 5 * HOUR, day: T0, rxBytes: 7, txBytes: 3 },
    ]);
  });

  it('is divided where an hour ends, by time', () => {
    const end = T0 + HOUR;
    const parts = spreadOver(between(end - 2_500, end + 7_500, 1_000, 4), UTC);
    expect(parts.map(({ hour, rxBytes, txBytes }) => [hour - T0, rxBytes, txBytes])).toEqual([
      [0, 250, 1],
      [HOUR, 750, 3],
    ]);
  });

  it('falls into the hour that a look on the hour ends', () => {
    const [only, ...more] = spreadOver(between(T0 + HOUR - 10_000, T0 + HOUR, 9), UTC);
    expect([only?.hour, more.length]).toEqual([T0, 0]);
  });

  it('falls into the moment of the look where no time has passed, or the clock went back', () => {
    const at = T0 + 90 * MINUTE;
    expect(spreadOver(between(at, at, 5), UTC)).toEqual([
      { hour: T0 + HOUR, day: T0, rxBytes: 5, txBytes: 0 },
    ]);
    expect(spreadOver(between(at + HOUR, at, 5), UTC)).toHaveLength(1);
  });

  it.each([3 * HOUR, 40 * HOUR, 5 * DAY, 300 * DAY])(
    'loses no byte and makes none over a gap of %d ms',
    (gap) => {
      const [rx, tx] = [1_234_567, 89];
      const parts = spreadOver(between(T0 + 17 * MINUTE - gap, T0 + 17 * MINUTE, rx, tx), UTC);
      expect(parts.reduce((sum, part) => sum + part.rxBytes, 0)).toBe(rx);
      expect(parts.reduce((sum, part) => sum + part.txBytes, 0)).toBe(tx);
      expect(parts.every((part) => part.rxBytes >= 0 && part.txBytes >= 0)).toBe(true);
      expect(parts.length).toBeLessThanOrEqual(50);
    },
  );

  it('is cut at local midnight, also within an hour of UTC', () => {
    // 18:15 UTC is midnight in Kathmandu.
    const zone = new TimeZone('Asia/Kathmandu');
    const midnight = T0 + 18 * HOUR + 15 * MINUTE;
    const parts = spreadOver(between(midnight - MINUTE, midnight + MINUTE, 10), zone);
    expect(parts).toEqual([
      { hour: T0 + 18 * HOUR, day: midnight - DAY, rxBytes: 5, txBytes: 0 },
      { hour: midnight, day: midnight, rxBytes: 5, txBytes: 0 },
    ]);
  });
});

it('hours and days follow one another without a gap, over a change of clocks too', () => {
  const zone = new TimeZone('Europe/Madrid');
  // The 25th of October 2026 has 25 hours.
  const day = Date.UTC(2026, 9, 24, 22);
  expect(trafficStarts('hour', { from: day, to: day + 25 * HOUR }, zone)).toHaveLength(25);
  const days = trafficStarts('day', { from: day + HOUR, to: day + 26 * HOUR }, zone);
  expect(days).toEqual([day, day + 25 * HOUR]);
});
