import { createHash } from 'node:crypto';
import { formatInstant } from '../domain/format';
import type { TimeZone } from '../domain/time-zone';
import { t } from '../i18n/t';

/** A device whose key expires; `expiresAt` in epoch milliseconds. */
export type KeyExpiry = { id: string; name: string; expiresAt: number };

/** RFC 5545, 3.1: the most octets of a line; a longer one goes on in the next, after a space. */
const MOST_OCTETS = 75;
const WARN_BEFORE = 'P7D';

/**
 * Writes the expiries of keys as a calendar (RFC 5545, RFC 7986). An expiry keeps its UID when it moves, so that clients
 * move theirs. `now`: epoch milliseconds.
 */
export function calendarOf(expiries: readonly KeyExpiry[], now: number, zone: TimeZone): string {
  const name = t('widgets.calendar');
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Tailnet Observatory//Key expiries//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `NAME:${escaped(name)}`,
    `X-WR-CALNAME:${escaped(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT6H',
    'X-PUBLISHED-TTL:PT6H',
    ...expiries.flatMap((expiry) => eventLines(expiry, now, zone)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

function eventLines({ id, name, expiresAt }: KeyExpiry, now: number, zone: TimeZone): string[] {
  const summary = t('widgets.keyExpires', { device: name });
  const at = formatInstant(expiresAt, zone);
  return [
    'BEGIN:VEVENT',
    // An id may be of any letters; a UID is better none of a device of another service.
    `UID:${createHash('sha256').update(`key-expiry ${id}`).digest('hex').slice(0, 32)}@tailnet-observatory`,
    `DTSTAMP:${utc(now)}`,
    `DTSTART:${utc(expiresAt)}`,
    'DURATION:PT0S',
    `SUMMARY:${escaped(summary)}`,
    `DESCRIPTION:${escaped(t('widgets.keyExpiresAt', { device: name, at }))}`,
    'TRANSP:TRANSPARENT',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escaped(summary)}`,
    `TRIGGER:-${WARN_BEFORE}`,
    'END:VALARM',
    'END:VEVENT',
  ];
}

/** `20270312T081500Z` */
const utc = (time: number) => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');

const escaped = (text: string) =>
  text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a value has none (RFC 5545, 3.1).
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');

/** Folds a line, between letters; halves of letters become U+FFFD. */
function folded(line: string): string {
  const lines: string[] = [];
  let current = '';
  for (const letter of Buffer.from(line).toString()) {
    if (Buffer.byteLength(current + letter) > MOST_OCTETS) {
      lines.push(current);
      current = ' ';
    }
    current += letter;
  }
  return [...lines, current].join('\r\n');
}
