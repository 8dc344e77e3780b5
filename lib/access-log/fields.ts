import { isIP } from 'node:net';
import { BoundedCache, detached } from './bounded-cache';

const addresses = new BoundedCache<string>(10_000, 64);

/**
 * The client's address, lower case, an IPv4 address inside IPv6 (`::ffff:100.64.0.2`, as nginx prints it on a
 * dual-stack socket) as plain IPv4. An empty string when the text is no address.
 */
export function addressOf(text: string): string {
  const known = addresses.get(text);
  if (known !== undefined) return known;
  const mapped = text.replace(/^::ffff:(?=\d+\.)/i, '');
  const address = isIP(mapped) === 0 ? '' : detached(mapped.toLowerCase());
  addresses.set(text, address);
  return address;
}

/**
 * A status code of three digits. `null` for `-` and for the `000` and `009` nginx writes when it answered nothing or
 * HTTP/0.9; NaN for what is no status (100 to 599).
 */
export function statusOf(text: string): number | null {
  if (text === '-' || text === '' || text === '000' || text === '009') return null;
  const status = /^\d{3}$/.test(text) ? Number(text) : Number.NaN;
  return status >= 100 && status <= 599 ? status : Number.NaN;
}

/** A number of bytes; `null` for `-` or nothing, NaN for what is no number of bytes. */
export function bytesOf(text: string): number | null {
  if (text === '-' || text === '') return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** `$request_time` (seconds with milliseconds) in whole milliseconds; `null` for `-`, nothing, or what is no duration. */
export function durationOf(text: string): number | null {
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Math.round(Number(text) * 1000) : null;
}

/** How a reason shows the text it is about: quoted, short, without control characters. */
export function shown(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return JSON.stringify(short);
}
