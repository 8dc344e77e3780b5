import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../util/time';
import { isSchedule, nextTime, parseSchedule } from './schedule';

/** A moment in local time, as cron uses it. */
const at = (text: string) => new Date(text).getTime();
const next = (expression: string, after: string) => {
  const time = nextTime(parseSchedule(expression), at(after));
  return time === null ? null : time - at(after);
};

describe('a cron expression', () => {
  it.each<[string, string, number]>([
    ['*/5 * * * * *', '2026-11-24T10:00:07', 3_000],
    ['*/5 * * * * *', '2026-11-24T10:00:05', 5_000],
    ['*/5 * * * *', '2026-11-24T10:00:07', 5 * MINUTE - 7_000],
    ['0 3 * * *', '2026-11-24T03:00:00', 24 * HOUR],
    ['30 4 1 * *', '2026-11-24T00:00:00', 7 * 24 * HOUR + 4.5 * HOUR],
    // A Tuesday.
    ['0 0 * * mon-wed', '2026-11-24T12:00:00', 12 * HOUR],
    ['0 0 * * 7', '2026-11-24T00:00:00', 5 * 24 * HOUR],
    ['0 0 25 * sun', '2026-11-24T00:00:00', 24 * HOUR],
    ['15,45 * * * *', '2026-11-24T10:20:00', 25 * MINUTE],
  ])('%s after %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it('that fits no day has no next time', () => {
    expect(next('0 0 31 2 *', '2026-11-24T00:00:00')).toBeNull();
    expect(next('0 0 29 2 *', '2026-11-24T00:00:00')).not.toBeNull();
  });

  it.each([
    '',
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    'a * * * *',
    '*/0 * * * *',
    '5-1 * * * *',
  ])('%j is none', (expression) => {
    expect(isSchedule(expression)).toBe(false);
  });
});
