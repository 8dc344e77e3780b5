import { describe, expect, it } from 'vitest';
import { TimeZone } from '../domain/time-zone';
import { DAY, HOUR, MINUTE } from '../util/time';
import { bucketsOf } from './logs-overview';

const at = Date.UTC(2026, 10, 25, 8, 12);

describe('the buckets of a range of the log', () => {
  it.each([1, 24, 168, 720, 24 * 3_650])('are at most about sixty in %i hours', (hours) => {
    const range = { from: at - hours * HOUR, to: at };
    const { starts, stepMs } = bucketsOf(range, new TimeZone('Europe/Madrid'));
    expect(starts.length).toBeGreaterThan(20);
    expect(starts.length).toBeLessThanOrEqual(62);
    expect(starts[0]).toBeLessThanOrEqual(range.from);
    expect(starts[1]).toBeGreaterThan(range.from);
    expect((starts.at(-1) ?? 0) + stepMs).toBeGreaterThanOrEqual(range.to);
  });

  it('are round on the clocks of a zone that is half an hour off', () => {
    const { starts, stepMs } = bucketsOf(
      { from: at - 2 * DAY, to: at },
      new TimeZone('America/St_Johns'),
    );
    expect(stepMs).toBe(HOUR);
    expect(new Set(starts.map((start) => start % HOUR))).toEqual(new Set([30 * MINUTE]));
  });

  it('are days from midnight to midnight where clocks change', () => {
    const from = Date.UTC(2026, 9, 1);
    const { starts } = bucketsOf({ from, to: from + 55 * DAY }, new TimeZone('Europe/Madrid'));
    const lengths = new Set(starts.slice(1).map((start, index) => start - (starts[index] ?? 0)));
    expect(lengths).toEqual(new Set([DAY, 25 * HOUR]));
  });
});
