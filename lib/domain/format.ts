import type { Language } from '../i18n/languages';
import { currentLanguage, t } from '../i18n/t';
import { DAY, HOUR, MINUTE } from '../util/time';
import { type TimeZone, UTC } from './time-zone';

/**
 * Formats numbers, sizes, durations and times for readers, in the current language: thousands separators, three
 * significant digits, a no-break space before a unit.
 */

const NBSP = '\u00a0';

const integer = inEachLanguage((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }));
const significant = inEachLanguage(
  (tag) => new Intl.NumberFormat(tag, { maximumSignificantDigits: 3 }),
);
const tenths = inEachLanguage((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }));
const oneTenth = inEachLanguage(
  (tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
);
const monthNames = inEachLanguage(
  (tag) => new Intl.DateTimeFormat(tag, { month: 'short', timeZone: 'UTC' }),
);

/** Returns something made for each language when it is first used, as a function that returns the current one's. */
function inEachLanguage<Made>(make: (tag: Language) => Made): () => Made {
  const all = new Map<Language, Made>();
  return () => {
    const tag = currentLanguage();
    const made = all.get(tag) ?? make(tag);
    all.set(tag, made);
    return made;
  };
}

/** `1,284`. Rounds to an integer. */
export function formatCount(value: number): string {
  return integer().format(value);
}

/** Returns `device` for 1, `devices` for any other number; `plural` for words that do not just take an s. */
export function pluralize(value: number, singular: string, plural = `${singular}s`): string {
  return value === 1 ? singular : plural;
}

/** `1 device`, `14 devices`; `plural` as in `pluralize`. */
export function formatQuantity(value: number, singular: string, plural?: string): string {
  return `${formatCount(value)}${NBSP}${pluralize(value, singular, plural)}`;
}

/** Formats bytes in decimal units, as disks and networks count them: `0 B`, `999 B`, `1.5 kB`, `2.41 GB`. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']);
}

/** Formats a response time: `0.4 ms`, `120 ms`, `1.25 s`, `2.5 min`; an em dash when it is unknown. */
export function formatLatency(ms: number | null): string {
  if (ms === null) return '—';
  if (ms < 999.5) return `${significant().format(ms)}${NBSP}ms`;
  if (ms < 59_950) return `${significant().format(ms / 1000)}${NBSP}s`;
  return `${significant().format(ms / MINUTE)}${NBSP}min`;
}

/** Formats a model's error or score, in whatever unit it has: `0.83`, `12.4`, `1,530`. */
export function formatMetric(value: number): string {
  return significant().format(value);
}

/** Formats how many times as large something is, to a tenth: `2.0×`. */
export function formatRatio(ratio: number): string {
  return `${oneTenth().format(ratio)}×`;
}

/** Formats a length of time in its largest whole unit: `40 s`, `4 min`, `3 h`, `12 d`. Never negative. */
export function formatDuration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < MINUTE) return `${Math.floor(length / 1000)}${NBSP}s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)}${NBSP}min`;
  if (length < 2 * DAY) return `${Math.floor(length / HOUR)}${NBSP}h`;
  return `${formatCount(Math.floor(length / DAY))}${NBSP}d`;
}

/** The length of a period, for use after “per”: `hour`, `6 hours`, `5 minutes`, `day`, `week`. */
export function formatPeriod(ms: number): string {
  const [length, unit] = PERIODS.find(([size]) => ms >= size && ms % size === 0) ?? SECONDS;
  return t(`format.${unit}`, { count: Math.max(1, Math.round(ms / length)) });
}

const SECONDS = [1000, 'seconds'] as const;
const PERIODS = [
  [7 * DAY, 'weeks'],
  [DAY, 'days'],
  [HOUR, 'hours'],
  [MINUTE, 'minutes'],
  SECONDS,
] as const;

/** Formats `time` relative to `now`: `just now`, `40 s ago`, `in 6 d`. Both in epoch milliseconds. */
export function formatRelative(time: number, now: number): string {
  const age = now - time;
  if (Math.abs(age) < 1000) return t('format.now');
  const duration = formatDuration(Math.abs(age));
  return age > 0 ? t('format.ago', { duration }) : t('format.in', { duration });
}

/** A share of a whole, 0 to 1: `0 %`, `<0.1 %`, `4.2 %`, `92 %`; `100 %` only for the whole. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return `<${tenths().format(0.1)}${NBSP}%`;
  if (percent < 9.95) return `${tenths().format(percent)}${NBSP}%`;
  const rounded = Math.round(percent);
  return `${rounded === 100 && share < 1 ? '>99' : rounded}${NBSP}%`;
}

/**
 * Formats a share of answered rounds, rounded down to a tenth of a percent so that it never flatters: `100 %`, `99.9
 * %`; an em dash before the first round.
 */
export function formatUptime(share: number | null): string {
  return share === null ? '—' : `${formatMetric(Math.floor(share * 1000 + 1e-6) / 10)}${NBSP}%`;
}

/**
 * A number compared with the previous one, which is to follow: `12 % more than`, `2.5 times`, `about as many as`;
 * `null` when there is nothing to compare with.
 */
export function formatChange(current: number, previous: number): string | null {
  if (previous === 0) return null;
  const ratio = current / previous;
  if (ratio >= 2) return t('format.times', { ratio: significant().format(ratio) });
  const change = Math.round((ratio - 1) * 100);
  if (change === 0) return t(current === previous ? 'format.asMany' : 'format.aboutAsMany');
  const percent = `${Math.abs(change)}${NBSP}%`;
  return change > 0 ? t('format.more', { percent }) : t('format.fewer', { percent });
}

/** `2026-11-24 04:34:11 UTC+1`: what clocks show in a zone, and how far they are ahead of UTC. */
export function formatInstant(time: number, zone: TimeZone = UTC): string {
  return `${formatClock(time, zone)} ${formatOffset(zone.offsetAt(time))}`;
}

/** `2026-11-24 04:34:11`: for where the zone is said elsewhere. */
export function formatClock(time: number, zone: TimeZone): string {
  return new Date(time + zone.offsetAt(time)).toISOString().slice(0, 19).replace('T', ' ');
}

/** `UTC`, `UTC+1`, `UTC−3:30`; `offset` in milliseconds. */
export function formatOffset(offset: number): string {
  if (offset === 0) return 'UTC';
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`;
  return `UTC${offset < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest}`;
}

/** `2026-11-24T04:34:11+01:00`: ISO 8601 with the zone's offset, for spreadsheets and forms. */
export function formatIso(time: number, zone: TimeZone): string {
  const offset = zone.offsetAt(time);
  if (offset === 0) return `${new Date(time).toISOString().slice(0, 19)}Z`;
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  const clock = new Date(time + offset).toISOString().slice(0, 19);
  return `${clock}${offset < 0 ? '-' : '+'}${hours}`;
}

/**
 * Formats a tick or a bucket on a time axis, no finer than `stepMs` needs: `14:30`, `Nov 24 14:00`, `Nov 24`;
 * with its year if that is not the year of `reference`.
 */
export function formatBucket(
  time: number,
  stepMs: number,
  withDay: boolean,
  reference = time,
  zone: TimeZone = UTC,
): string {
  const date = new Date(time + zone.offsetAt(time));
  const year = date.getUTCFullYear();
  const thisYear = new Date(reference + zone.offsetAt(reference)).getUTCFullYear();
  const parts = { month: monthNames().format(date), day: `${date.getUTCDate()}`, year: `${year}` };
  const written = t(year === thisYear ? 'format.day' : 'format.dayOfYear', parts);
  const day = written.replaceAll(' ', NBSP);
  if (stepMs >= DAY) return day;
  const clock = date.toISOString().slice(11, 16);
  return withDay ? `${day} ${clock}` : clock;
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let rest = value;
  let unit = 0;
  while (rest >= base - 0.5 && unit < units.length - 1) {
    rest /= base;
    unit++;
  }
  return `${significant().format(rest)}${NBSP}${units[unit] ?? ''}`;
}
