import { describe, expect, it } from 'vitest';
import { TimeZone } from '../domain/time-zone';
import { DAY, HOUR, MINUTE } from '../util/time';
import { Periods } from './periods';
import { RESOLUTIONS } from './resolutions';
import { CLOCK_CHANGES } from './test-doubles';

const [HOURLY, SIX_HOURLY, DAILY, WEEKLY] = RESOLUTIONS;
const clockIn = (zone: string) => {
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: zone, dateStyle: 'short', timeStyle: 'medium' },
  });
  return (time: number) => format.format(time);
};

/** A zone, and when its clocks change or have changed in an odd way. */
const ODD: typeof CLOCK_CHANGES = [
  ...CLOCK_CHANGES,
  ['America/Havana', Date.UTC(2026, 10, 1)],
  ['Africa/Cairo', Date.UTC(2026, 3, 24)],
  ['America/Asuncion', Date.UTC(2024, 9, 6)],
];

describe.each(ODD)('the periods of %s around %d', (name, around) => {
  const periods = new Periods(new TimeZone(name));
  const range = { from: around - 20 * DAY, to: around + 20 * DAY };
  const clock = clockIn(name);

  it('follow each other, and hold each time', () => {
    for (const resolution of RESOLUTIONS) {
      let last: number | undefined;
      for (const { from, to } of periods.of(range, resolution)) {
        if (last !== undefined) expect(from).toBe(last);
        expect(to).toBeGreaterThan(from);
        for (const time of [from, to - 1])
          expect(periods.at(time, resolution)).toEqual({ from, to });
        last = to;
      }
    }
  });

  it('begin when local clocks say so, and not a moment before', () => {
    for (const { from } of periods.of(range, DAILY)) {
      expect(clock(from).slice(0, 10)).not.toBe(clock(from - 1).slice(0, 10));
      expect(clock(from).slice(0, 10) > clock(from - 1).slice(0, 10)).toBe(true);
    }
    for (const { from } of periods.of(range, SIX_HOURLY)) {
      const quarter = (time: number) => Math.floor(Number(clock(time).slice(11, 13)) / 6);
      expect(quarter(from)).not.toBe(quarter(from - 1));
    }
    for (const { from } of periods.of(range, WEEKLY)) {
      expect(new Date(`${clock(from).slice(0, 10)}T00:00:00Z`).getUTCDay()).toBe(1);
    }
  });

  it('are made up of whole shorter ones, but for hours', () => {
    for (const [coarser, finer] of [
      [WEEKLY, DAILY],
      [DAILY, SIX_HOURLY],
    ] as const) {
      for (const { from, to } of periods.of(range, coarser)) {
        expect(periods.at(from, finer).from).toBe(from);
        expect(periods.at(to - 1, finer).to).toBe(to);
      }
    }
  });
});

describe('a day', () => {
  const lengths = (name: string, from: number, days: number) =>
    [...new Periods(new TimeZone(name)).of({ from, to: from + days * DAY }, DAILY)]
      .map((day) => (day.to - day.from) / HOUR)
      .slice(0, days);

  it('has 23 or 25 hours where clocks change, half an hour more or less on Lord Howe', () => {
    expect(lengths('Europe/Madrid', Date.UTC(2026, 2, 28), 3)).toEqual([24, 23, 24]);
    expect(lengths('Europe/Madrid', Date.UTC(2026, 9, 24), 3)).toEqual([24, 25, 24]);
    expect(lengths('Australia/Lord_Howe', Date.UTC(2026, 3, 3, 14), 3)).toEqual([24, 24.5, 24]);
    expect(lengths('Australia/Lord_Howe', Date.UTC(2026, 9, 2, 14), 3)).toEqual([24, 23.5, 24]);
  });

  it('that was left out is none', () => {
    const days = [
      ...new Periods(new TimeZone('Pacific/Apia')).of(
        { from: Date.UTC(2011, 11, 29, 12), to: Date.UTC(2011, 11, 31, 12) },
        DAILY,
      ),
    ];
    const dates = days.map(({ from }) => clockIn('Pacific/Apia')(from).slice(0, 10));
    expect(dates).toEqual(['2011-12-29', '2011-12-31', '2012-01-01']);
  });

  it('begins at 18:15 UTC the day before in Kathmandu', () => {
    const { from } = new Periods(new TimeZone('Asia/Kathmandu')).at(Date.UTC(2026, 5, 2), DAILY);
    expect(from).toBe(Date.UTC(2026, 5, 1, 18) + 15 * MINUTE);
    expect(new Periods(new TimeZone('Asia/Kathmandu')).at(from, HOURLY).from).toBe(
      from - 15 * MINUTE,
    );
  });
});
