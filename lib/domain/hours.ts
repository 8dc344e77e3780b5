import { DAY, MINUTE } from '../util/time';
import type { TimeZone } from './time-zone';

/** Hours that come back: every day, or on some days of the week. */
export type Hours = {
  /** The days on which they begin, 0 is Monday; `null`: every day. */
  days: readonly number[] | null;
  /** Minutes since midnight. Where they end is no later than where they begin, they end on the next day. */
  from: number;
  to: number;
};

/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

/** Returns the day of the week of a day as a time zone numbers them; 0 is Monday. */
export const weekdayOf = (day: number): number => (((day + FIRST_WEEKDAY) % 7) + 7) % 7;

/** Returns whether a clock in the zone shows one of these hours at a time. */
export function isWithin({ days, from, to }: Hours, time: number, zone: TimeZone): boolean {
  const wall = time + zone.offsetAt(time);
  const day = Math.floor(wall / DAY);
  const minute = Math.floor((wall - day * DAY) / MINUTE);
  const isOn = (begun: number) => days === null || days.includes(weekdayOf(begun));
  if (from < to) return minute >= from && minute < to && isOn(day);
  return (minute >= from && isOn(day)) || (minute < to && isOn(day - 1));
}
