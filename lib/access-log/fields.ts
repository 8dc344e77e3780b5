import { isIP, SocketAddress } from 'node:net';
import { maskSecrets } from '../domain/mask-secrets';
import { HOUR, MINUTE } from '../util/time';
import { Memo } from './memo';
import { detached } from './text';

const addresses = new Memo<string>(10_000, 64);
const HOST = /^[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?$/;
const hosts = new Memo<{ host: string | null }>(5_000, 300);

/**
 * Returns the client's address in the form of RFC 5952, without brackets, port or zone; an IPv4 address inside IPv6
 * (`::ffff:100.64.0.2`, as nginx prints it on a dual-stack socket) as plain IPv4. Returns an empty string when the text
 * is not an address.
 */
export function addressOf(text: string): string {
  const cached = addresses.get(text);
  if (cached !== undefined) return cached;
  const bare = withoutPort(text);
  // Every request has a port of its own, so only the address is cached.
  if (bare !== text) return addressOf(bare);
  const address = detached(canonical(text));
  addresses.set(text, address);
  return address;
}

function withoutPort(text: string): string {
  if (text.startsWith('[')) return /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? text;
  return /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text)?.[1] ?? text;
}

function canonical(text: string): string {
  const zone = text.indexOf('%');
  const address = zone < 0 ? text : text.slice(0, zone);
  const family = isIP(address);
  if (family === 0 || (family === 4 && zone >= 0)) return '';
  if (family === 4) return address;
  const short = new SocketAddress({ address, family: 'ipv6' }).address.toLowerCase();
  return short.replace(/^::ffff:(?=\d+\.)/, '');
}

/**
 * Returns a virtual host's name in lower case, without its port; `null` for what names none (`-`, `_`, nothing) and for
 * what is not a valid host name. Programs log the Host header, so clients choose it.
 */
export function hostOf(text: string): string | null {
  const cached = hosts.get(text);
  if (cached !== undefined) return cached.host;
  const host = readHost(text);
  hosts.set(text, { host });
  return host;
}

function readHost(text: string): string | null {
  if (text === '' || text === '_' || text === '-') return null;
  if (text.startsWith('[')) return addressOf(text) || null;
  const name = text
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '');
  if (HOST.test(name)) return detached(name);
  return addressOf(text) || null;
}

/**
 * Returns a logged status code, from 100 to 999 (nginx's `return` takes any). `null` for `-`, and for the `0`, `000`
 * and `009` that programs write when they answered nothing or HTTP/0.9; NaN when it is invalid.
 */
export function statusOf(text: string): number | null {
  // Nearly always.
  if (text === '200') return 200;
  if (text === '-' || text === '' || text === '0' || text === '000' || text === '009') return null;
  const status = text.length === 3 ? digitsOf(text) : Number.NaN;
  return status >= 100 ? status : Number.NaN;
}

/** Returns a number of bytes; `null` for `-` or nothing, NaN when it is invalid. */
export function bytesOf(text: string): number | null {
  if (text === '-' || text === '') return null;
  return digitsOf(text.startsWith('+') ? text.slice(1) : text);
}

/** The most digits whose number is exact. */
const EXACT_DIGITS = 15;

/**
 * Returns the number that plain digits are, those of `text` from `from` up to `to`; NaN when there are other
 * characters, no digits, or more than 15. For several fields of each line, where an expression costs several times as
 * much.
 */
export function digitsOf(text: string, from = 0, to = text.length): number {
  if (from === to || to - from > EXACT_DIGITS) return Number.NaN;
  let number = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** The most digits of whole seconds: their milliseconds are exact. */
const MOST_DIGITS = 12;

/**
 * Returns seconds with a fraction, plain digits on both sides of the point, in whole milliseconds; NaN when it is
 * anything else, whole seconds too. For each line of some logs, where an expression and a number with more digits than
 * a float has cost several times as much.
 */
export function millisecondsOf(text: string): number {
  const point = text.indexOf('.');
  if (point < 1 || point > MOST_DIGITS || point === text.length - 1) return Number.NaN;
  let milliseconds = 0;
  for (let i = 0; i < text.length; i++) {
    if (i === point) continue;
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    if (i <= point + 3) milliseconds = milliseconds * 10 + digit;
    else if (i === point + 4 && digit >= 5) milliseconds++;
  }
  for (let digits = text.length - point - 1; digits < 3; digits++) milliseconds *= 10;
  return milliseconds;
}

/**
 * Returns `$request_time` (seconds with milliseconds) in whole milliseconds; `null` for `-`, nothing, or an invalid
 * duration.
 */
export function durationOf(text: string): number | null {
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Math.round(Number(text) * 1000) : null;
}

const UNITS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: MINUTE,
  h: HOUR,
};

/**
 * Returns a duration with its unit, as Go writes it (`1m3.5s`, `43.2µs`, `0s`), in whole milliseconds; `null` when it
 * is invalid.
 */
export function unitDurationOf(text: string): number | null {
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s|us|µs|μs|ns))+$/.test(text)) return null;
  let total = 0;
  for (const [, value, unit = ''] of text.matchAll(/([\d.]+)(h|ms|m|s|us|µs|μs|ns)/g)) {
    total += Number(value) * (UNITS[unit] ?? 0);
  }
  return Math.round(total);
}

/**
 * Returns the response time to count for `ms` as logged. Connections that were upgraded (websockets) or tunnelled are
 * logged when they end: their lifetime says nothing about how fast the server answered.
 */
export function responseTime(
  ms: number | null,
  status: number | null,
  method: string | null,
): number | null {
  return status === 101 || method === 'CONNECT' ? null : ms;
}

/** Quotes text in a reason: short, without control characters and secrets. */
export function shown(text: string): string {
  const masked = maskSecrets(text);
  const short = masked.length > 40 ? `${masked.slice(0, 40)}…` : masked;
  return JSON.stringify(short);
}
