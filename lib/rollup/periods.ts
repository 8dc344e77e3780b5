import type { TimeRange } from '../domain/access';
import { type TimeZone, UTC } from '../domain/time-zone';
import { DAY, HOUR } from '../util/time';
import { COARSEST, HOURLY, SIX_HOURLY, startOf } from './resolutions';

/** Day 0, 1970-01-01, was a Thursday: the week of it began three days before. */
const MONDAY = 3;

/**
 * The periods of a time zone: hours of UTC, and quarters of days, days and weeks as local clocks and calendars have them. A
 * period of a resolution may be shorter or longer than its name says, and each is made up of whole ones of the shorter
 * resolutions; only hours may lie across, where local midnight is not at a full hour of UTC.
 */
export class Periods {
  constructor(readonly zone: TimeZone) {}

  /** Returns the period that a time lies in. */
  at(time: number, resolution: number): TimeRange {
    for (const period of this.of({ from: time, to: time + 1 }, resolution)) return period;
    throw new RangeError(`there is no period at ${time}`);
  }

  /** Yields the periods that touch a range, in order. */
  *of(range: TimeRange, resolution: number): Generator<TimeRange> {
    if (resolution === HOURLY) {
      for (let from = startOf(range.from, HOUR); from < range.to; from += HOUR) {
        yield { from, to: from + HOUR };
      }
      return;
    }
    const { zone } = this;
    const length = resolution === COARSEST ? 7 : 1;
    let day = zone.dayOf(range.from);
    if (resolution === COARSEST) day -= (((day + MONDAY) % 7) + 7) % 7;
    for (let from = zone.startOfDay(day); from < range.to; day += length) {
      const to = zone.startOfDay(day + length);
      const parts = resolution === SIX_HOURLY ? this.quarters(day, { from, to }) : [{ from, to }];
      for (const part of parts) {
        if (part.to > range.from && part.from < range.to && part.to > part.from) yield part;
      }
      from = to;
    }
  }

  /** Returns the quarters of a day by its clocks; one that is left out is empty. */
  private quarters(day: number, { from, to }: TimeRange): TimeRange[] {
    const ends = [1, 2, 3].map((quarter) => this.zone.instantOf(day * DAY + quarter * SIX_HOURLY));
    const bounds = [from, ...ends.map((end) => Math.min(Math.max(end, from), to)), to];
    return bounds.slice(1).map((end, i) => ({ from: bounds[i] ?? from, to: end }));
  }
}

export const UTC_PERIODS = new Periods(UTC);
