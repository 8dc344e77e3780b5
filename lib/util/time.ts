/** Lengths of time in milliseconds. A `DAY` is 24 hours; days of a time zone may differ. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;
