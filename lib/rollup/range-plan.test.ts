import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, WEEK } from '../util/time';
import { UTC_PERIODS } from './periods';
import { planRange } from './range-plan';
import { seriesResolution } from './resolutions';

const T0 = Date.UTC(2026, 10, 20);
/** Every roll-up exists, and all hits are kept. */
const everything = {
  rollUpId: (length: number, start: number) =>
    length >= HOUR && (length === WEEK || start % length === 0) ? 1 : undefined,
  hasHits: () => true,
};

describe('the plan of a range', () => {
  it('makes up any range exactly once, with no hour both partial and counted whole', () => {
    for (let i = 0; i < 300; i++) {
      const from = T0 + Math.floor(Math.random() * 40 * DAY);
      const to = from + 1 + Math.floor(Math.random() * 60 * DAY);
      const { rollUps, partialHours } = planRange({ from, to }, WEEK, everything, UTC_PERIODS);
      const whole = rollUps.reduce((sum, { resolution }) => sum + resolution, 0);
      const parts = partialHours.map((part) => part.to - part.from);
      expect(whole + parts.reduce((a, b) => a + b, 0)).toBe(to - from);
      expect(partialHours.length).toBeLessThanOrEqual(2);
    }
  });

  it('costs about the same for a week as for a year', () => {
    const length = (days: number) => {
      const range = { from: T0 + 17 * MINUTE, to: T0 + 17 * MINUTE + days * DAY };
      const plan = planRange(range, seriesResolution(range), everything, UTC_PERIODS);
      return plan.rollUps.length + plan.partialHours.length;
    };
    for (const days of [1, 7, 30, 90, 365, 730]) expect(length(days)).toBeLessThan(150);
  });

  it('goes down to finer roll-ups where a coarse one is missing', () => {
    const rollUpId = (resolution: number, start: number) =>
      resolution < DAY ? everything.rollUpId(resolution, start) : undefined;
    const range = { from: T0, to: T0 + DAY };
    const { rollUps } = planRange(range, DAY, { ...everything, rollUpId }, UTC_PERIODS);
    const sixHours = 6 * HOUR;
    expect(rollUps.map(({ resolution }) => resolution)).toEqual(Array(4).fill(sixHours));
  });

  it('counts an hour at the end whole when its hits are gone', () => {
    const range = { from: T0 + 17 * MINUTE, to: T0 + 3 * HOUR + 1 };
    const hasHits = (hour: number) => hour !== T0;
    const { rollUps, partialHours } = planRange(
      range,
      DAY,
      { ...everything, hasHits },
      UTC_PERIODS,
    );
    expect(rollUps.map(({ start }) => start)).toEqual([T0, T0 + HOUR, T0 + 2 * HOUR]);
    expect(partialHours).toEqual([
      { hour: T0 + 3 * HOUR, from: T0 + 3 * HOUR, to: T0 + 3 * HOUR + 1 },
    ]);
  });
});
