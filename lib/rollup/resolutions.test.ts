import { describe, expect, it } from 'vitest';
import { cover, STEPS, seriesStep } from './resolutions';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 10, 20);
/** Every step exists everywhere. */
const everywhere = (step: number, start: number) => (start % step === 0 ? 1 : undefined);

describe('the roll-up ladder', () => {
  it('covers any range exactly once, with no hour both cut and counted', () => {
    for (let i = 0; i < 300; i++) {
      const from = T0 + Math.floor(Math.random() * 40 * DAY);
      const to = from + 1 + Math.floor(Math.random() * 60 * DAY);
      const { rollups, cut } = cover({ from, to }, 7 * DAY, everywhere);
      const covered = rollups.reduce((sum, { step }) => sum + step, 0);
      const pieces = cut.map(({ start }) => Math.min(to, start + HOUR) - Math.max(from, start));
      expect(covered + pieces.reduce((a, b) => a + b, 0)).toBe(to - from);
      expect(cut.length).toBeLessThanOrEqual(2);
    }
  });

  it('costs about the same for a week as for a year', () => {
    const pieces = (days: number) => {
      const range = { from: T0 + 17 * 60_000, to: T0 + 17 * 60_000 + days * DAY };
      const { rollups, cut } = cover(range, seriesStep(range), everywhere);
      return rollups.length + cut.length;
    };
    for (const days of [1, 7, 30, 90, 365, 730]) expect(pieces(days)).toBeLessThan(150);
  });

  it('goes down to finer ones where a coarse one is missing', () => {
    const missing = (step: number, start: number) =>
      step < DAY ? everywhere(step, start) : undefined;
    const { rollups } = cover({ from: T0, to: T0 + DAY }, DAY, missing);
    expect(rollups.map(({ step }) => step)).toEqual([6 * HOUR, 6 * HOUR, 6 * HOUR, 6 * HOUR]);
  });

  it('is made of steps that are multiples of each other', () => {
    STEPS.slice(1).forEach((step, i) => {
      expect(step % (STEPS[i] ?? 1)).toBe(0);
    });
  });
});
