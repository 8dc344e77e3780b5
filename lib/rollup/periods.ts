import type { TimeRange } from '../domain/access';
import { type TimeZone, UTC } from '../domain/time-zone';
import { DAY, HOUR } from '../util/time';
import { COARSEST, HOURLY, SIX_HOURLY } from './resolutions';

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
    if (resolution === HOURLY) {
      const from = Math.floor(time / HOUR) * HOUR;
      return { from, to: from + HOUR };
    }
    const { zone } = this;
    const day = zone.dayOf(time);
    if (resolution === COARSEST) {
      const monday = day - ((((day + MONDAY) % 7) + 7) % 7);
      return { from: zone.startOfDay(monday), to: zone.startOfDay(monday + 7) };
    }
    const whole = { from: zone.startOfDay(day), to: zone.startOfDay(day + 1) };
    if (resolution !== SIX_HOURLY) return whole;
    let { from } = whole;
    for (let clock = SIX_HOURLY; clock < DAY; clock += SIX_HOURLY) {
      const next = Math.min(Math.max(from, zone.instantOf(day * DAY + clock)), whole.to);
      if (time < next) return { from, to: next };
      from = next;
    }
    return { from, to: whole.to };
  }

  /** Yields the periods that touch a range, in order. */
  *of(range: TimeRange, resolution: number): Generator<TimeRange> {
    for (let time = range.from; time < range.to; ) {
      const period = this.at(time, resolution);
      yield period;
      time = period.to;
    }
  }
}

export const UTC_PERIODS = new Periods(UTC);
