const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const DAY_MS = 86_400_000;

/** Length of nginx's `$time_local`, e.g. `21/Oct/2025:14:32:15 +0000`. */
export const LOCAL_TIME_LENGTH = 26;

/** Two digits at `at` as a number; NaN when they are not digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Midnight UTC of `dd/Mon/yyyy` at `at`; NaN when there is no such day. */
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

/** Milliseconds east of UTC of `+hhmm` at `at`; NaN when it is no zone. */
function zoneOffset(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  const hours = twoDigits(text, at + 1);
  const minutes = twoDigits(text, at + 3);
  if ((sign !== 43 && sign !== 45) || !(hours <= 15) || !(minutes <= 59)) return Number.NaN;
  return (sign === 45 ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/**
 * A reader of nginx's `$time_local` (https://nginx.org/en/docs/http/ngx_http_log_module.html) that remembers the last
 * day and zone: neighbouring lines nearly always share them.
 * It returns epoch milliseconds of the 26 characters at `at`, or NaN when they name no real moment.
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
    return dayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000 - zoneMs;
  };
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/;

/** Epoch milliseconds of `$time_iso8601` (or any ISO 8601 time with seconds and zone); NaN when it names no real moment. */
export function isoTime(text: string): number {
  const parts = ISO.exec(text);
  if (parts === null) return Number.NaN;
  const [, year, month, day, clock, fraction = '', zone = 'Z'] = parts;
  const start = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(start).getUTCDate() !== Number(day) || start < 0) return Number.NaN;
  const offset = zone === 'Z' ? 0 : zoneOffset(zone.replace(':', ''), 0);
  const time = Date.parse(`1970-01-01T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
  return time < DAY_MS ? start + time - offset : Number.NaN;
}

/**
 * Epoch milliseconds of a number of seconds (`$msec`) or, from 10^11 on (the year 5138 in seconds), of milliseconds.
 * NaN when it is negative or absurd.
 */
export function epochTime(value: number): number {
  if (!(value > 0) || value > 8.64e15) return Number.NaN;
  return Math.round(value < 1e11 ? value * 1000 : value);
}
