import { HOUR, MINUTE, SECOND } from '../util/time';
import { millisecondsOf } from './fields';

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** Length of nginx's `$time_local`, e.g. `21/Oct/2025:14:32:15 +0000`. */
export const LOCAL_TIME_LENGTH = 26;

/** Returns two digits at `at` as a number; NaN when they are not digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Returns midnight UTC of `dd/Mon/yyyy` at `at`; NaN when there is no such day. */
function dayStart(text: string, at: number): number {
  if (text.charCodeAt(at + 2) !== 47 || text.charCodeAt(at + 6) !== 47) return Number.NaN;
  const month = MONTHS.indexOf(text.substring(at + 3, at + 6));
  if (month < 0 || month % 3 !== 0) return Number.NaN;
  const day = twoDigits(text, at);
  const year = twoDigits(text, at + 7) * 100 + twoDigits(text, at + 9);
  if (!(year >= 1970)) return Number.NaN;
  const start = Date.UTC(year, month / 3, day);
  return new Date(start).getUTCDate() === day ? start : Number.NaN;
}

/** Returns milliseconds east of UTC of `+hhmm` at `at`; NaN when it is not a zone. */
function zoneOffset(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  const hours = twoDigits(text, at + 1);
  const minutes = twoDigits(text, at + 3);
  if ((sign !== 43 && sign !== 45) || !(hours <= 15) || !(minutes <= 59)) return Number.NaN;
  return (sign === 45 ? -1 : 1) * (hours * 60 + minutes) * MINUTE;
}

/**
 * Creates a reader of nginx's `$time_local` (https://nginx.org/en/docs/http/ngx_http_log_module.html) that remembers
 * the last day and zone: adjacent lines nearly always share them. It returns epoch milliseconds of the 26 characters at
 * `at`, or NaN when they name no real moment.
 */
export function createLocalTimeReader(): (text: string, at: number) => number {
  let day = '-';
  let dayMs = Number.NaN;
  let zone = '-';
  let zoneMs = Number.NaN;
  return (text, at) => {
    const newDay = text.substring(at, at + 11);
    if (newDay !== day) {
      const start = dayStart(text, at);
      if (Number.isNaN(start)) return Number.NaN;
      day = newDay;
      dayMs = start;
    }
    const newZone = text.substring(at + 21, at + 26);
    if (newZone !== zone) {
      const offset = zoneOffset(text, at + 21);
      if (Number.isNaN(offset)) return Number.NaN;
      zone = newZone;
      zoneMs = offset;
    }
    if (
      text.charCodeAt(at + 11) !== 58 ||
      text.charCodeAt(at + 14) !== 58 ||
      text.charCodeAt(at + 17) !== 58 ||
      text.charCodeAt(at + 20) !== 32
    ) {
      return Number.NaN;
    }
    const hours = twoDigits(text, at + 12);
    const minutes = twoDigits(text, at + 15);
    const seconds = twoDigits(text, at + 18);
    if (!(hours <= 23 && minutes <= 59 && seconds <= 59)) return Number.NaN;
    return dayMs + ((hours * 60 + minutes) * 60 + seconds) * SECOND - zoneMs;
  };
}

/** The zone of a time without one: the machine's, or UTC where a program's documentation says so. */
type Zone = 'local' | 'utc';

const FRACTION = '(?:[.,](\\d{1,9}))?';
const OFFSET = '(Z|[+-]\\d\\d:?\\d\\d)?';
/** ISO 8601, Go's and nginx's `2026/11/20 10:00:00`. */
const NUMERIC = new RegExp(
  `^(\\d{4})([-/])(\\d\\d)\\2(\\d\\d)[T ](\\d\\d):(\\d\\d):(\\d\\d)${FRACTION} ?${OFFSET}$`,
);
/** CLF with a fraction or without a zone, as Apache can be made to write it and HAProxy and Werkzeug do. */
const CLF = new RegExp(
  `^(\\d\\d)/([A-Z][a-z]{2})/(\\d{4})[: ](\\d\\d):(\\d\\d):(\\d\\d)${FRACTION}(?: ${OFFSET})?$`,
);

/**
 * Returns epoch milliseconds of the minute that a clock in `zone` showed; NaN when it never did. `month` counts from 0.
 */
function wallMinute(
  [year, month, day, hour, minute]: readonly [number, number, number, number, number],
  zone: Zone,
): number {
  const utc = Date.UTC(year, month, day);
  const date = new Date(utc);
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month) return Number.NaN;
  if (year < 1970 || hour > 23 || minute > 59) return Number.NaN;
  if (zone === 'local') return new Date(year, month, day, hour, minute).getTime();
  return utc + hour * HOUR + minute * MINUTE;
}

/**
 * Returns epoch milliseconds of any notation that web servers use for a time: seconds (or milli-, micro-, nanoseconds)
 * since 1970, nginx's `$time_local`, ISO 8601, Go's `2026/11/20 10:00:00.250`, CLF with a fraction. NaN when it is none
 * of them, or names no real moment.
 */
export type TimeReader = (text: string, zone?: Zone) => number;

export function createTimeReader(local = createLocalTimeReader()): TimeReader {
  const minute = new LastMinute();
  return (text, zone = 'local') => {
    if (text.length === LOCAL_TIME_LENGTH && text.charAt(2) === '/') return local(text, 0);
    const known = minute.timeOf(text, zone);
    if (!Number.isNaN(known)) return known;
    const milliseconds = millisecondsOf(text);
    if (milliseconds > 0 && milliseconds < SECONDS_BELOW * SECOND) return milliseconds;
    if (/^\d+(?:\.\d+)?(?:e\+?\d\d?)?$/i.test(text)) return epochTime(Number(text));
    const [, year, , month, day, hour, minutes, ...numeric] = NUMERIC.exec(text) ?? [];
    if (year !== undefined) {
      const wall = [year, Number(month) - 1, day, hour, minutes].map(Number);
      const time = momentOf(wall, numeric, zone);
      minute.remember(text, zone, time);
      return time;
    }
    const [, clfDay, monthName = '', clfYear, clfHour, clfMinute, ...clf] = CLF.exec(text) ?? [];
    const monthAt = MONTHS.indexOf(monthName);
    if (clfYear === undefined || monthAt % 3 !== 0) return Number.NaN;
    const wall = [clfYear, monthAt / 3, clfDay, clfHour, clfMinute].map(Number);
    return momentOf(wall, clf, zone);
  };
}

/** Remembers the last minute of a `NUMERIC` time: adjacent lines nearly always share it. */
class LastMinute {
  private day = '';
  /** With the character before it and the colon behind it. */
  private clock = '';
  /** What follows the fraction. */
  private offset = '';
  private zone: Zone = 'utc';
  private start = Number.NaN;

  /** Returns the time that a text names if it is in that minute; else NaN. */
  timeOf(text: string, zone: Zone): number {
    // A number of seconds has no colon.
    if (text.charCodeAt(13) !== 58) return Number.NaN;
    // No more characters at once: V8 compares longer parts of a text several times slower.
    if (text.substring(10, 17) !== this.clock || text.substring(0, 10) !== this.day) {
      return Number.NaN;
    }
    const end = fractionEnd(text);
    if (zone !== this.zone || text.substring(end) !== this.offset) return Number.NaN;
    return this.start + millisecondsIn(text, end);
  }

  /** Takes a text and the time that it names. */
  remember(text: string, zone: Zone, time: number): void {
    const end = fractionEnd(text);
    this.day = text.substring(0, 10);
    this.clock = text.substring(10, 17);
    this.offset = text.substring(end);
    this.zone = zone;
    this.start = time - millisecondsIn(text, end);
  }
}

/** Where seconds end, and their fraction begins if there is one. */
const SECONDS_END = 19;

/** Returns where the fraction of the seconds ends. */
function fractionEnd(text: string): number {
  const separator = text.charCodeAt(SECONDS_END);
  if (separator !== 44 && separator !== 46) return SECONDS_END;
  let end = SECONDS_END + 1;
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return end;
}

/** Returns the seconds and their fraction; NaN when they are invalid. */
function millisecondsIn(text: string, end: number): number {
  const digits = end - SECONDS_END - 1;
  const seconds = twoDigits(text, SECONDS_END - 2);
  if (digits === 0 || digits > 9 || !(seconds <= 59)) return Number.NaN;
  let milliseconds = seconds * SECOND;
  for (let i = 1; i <= 3 && i <= digits; i++) {
    milliseconds += (text.charCodeAt(SECONDS_END + i) - 48) * 10 ** (3 - i);
  }
  return milliseconds;
}

function momentOf(
  [year = 0, month = -1, day = 0, hour = 0, minute = 0]: readonly number[],
  [second, fraction, offset]: readonly (string | undefined)[],
  zone: Zone,
): number {
  const minuteMs = wallMinute([year, month, day, hour, minute], offset ? 'utc' : zone);
  return minuteMs + withinMinute(second, fraction, offset);
}

/** Returns milliseconds within the minute, less the zone's offset. */
function withinMinute(second = '', fraction = '', offset = 'Z'): number {
  const seconds = Number(second);
  if (seconds > 59) return Number.NaN;
  const zone = offset === 'Z' ? 0 : zoneOffset(offset.replace(':', ''), 0);
  return seconds * SECOND + Number(fraction.slice(0, 3).padEnd(3, '0')) - zone;
}

/** From here on a number is not seconds since 1970: it would be the year 5138. */
const SECONDS_BELOW = 1e11;

/**
 * Returns epoch milliseconds of a number of seconds (`$msec`) or, from 10^11 on (the year 5138 in seconds), of milli-,
 * from 10^14 on of micro- and from 10^17 on of nanoseconds. NaN when it is negative or absurd.
 */
function epochTime(value: number): number {
  if (!(value > 0) || value > 9e18) return Number.NaN;
  if (value < SECONDS_BELOW) return Math.round(value * SECOND);
  if (value < 1e14) return Math.round(value);
  return Math.round(value < 1e17 ? value / 1e3 : value / 1e6);
}
