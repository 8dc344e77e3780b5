import { clientOf } from '../client';
import { closingQuote } from '../escapes';
import { addressOf, bytesOf, responseTime, shown, statusOf } from '../fields';
import { readRequest } from '../request';
import { createLocalTimeReader, createTimeReader, LOCAL_TIME_LENGTH } from '../timestamp';
import { ClientPrefixReader } from './client-prefix';
import type { FormatReader, Reading } from './format';
import { trailingFields, trailingTime } from './trailing-fields';

/** `[` time `] "`: how far before the request's quote the time starts. */
const TIME_BEFORE_QUOTE = LOCAL_TIME_LENGTH + 3;
/** The longest time in brackets. */
const LONGEST_TIME = 40;

const QUOTE = 34;
const SPACE = 32;
const DASH = 45;
const BACKSLASH = 92;

/** The positions of a line's time and request. */
type Anchor = { bracket: number; quote: number; time: number };

/** Returns the end of the word at `from`: the next space or the line's end. */
function wordEnd(line: string, from: number): number {
  const space = line.indexOf(' ', from);
  return space < 0 ? line.length : space;
}

/** Returns the three digits at `at` as a status code; -1 when they are not digits. */
function threeDigits(line: string, at: number): number {
  const hundreds = line.charCodeAt(at) - 48;
  const tens = line.charCodeAt(at + 1) - 48;
  const ones = line.charCodeAt(at + 2) - 48;
  const digits = hundreds >= 1 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
  return digits ? hundreds * 100 + tens * 10 + ones : -1;
}

/**
 * Returns the index of the quote that ends a field, followed by a blank or the line's end: some encoders leave quotes
 * inside.
 */
function fieldEnd(line: string, from: number): number {
  const usual = line.indexOf('"', from);
  const bare = usual >= 0 && line.charCodeAt(usual - 1) !== BACKSLASH;
  if (bare && (usual + 1 === line.length || line.charCodeAt(usual + 1) === SPACE)) return usual;
  let end = closingQuote(line, from);
  while (end >= 0 && end + 1 < line.length && line.charCodeAt(end + 1) !== SPACE) {
    end = closingQuote(line, end + 1);
  }
  return end;
}

/** Numbers between the size and the referer, as netdata's format has them. */
const BETWEEN = /^(?:[\d.,:-]+ )+$/;

/**
 * Reads the family of `address - user [time] "request" status size "referer" "agent"` of nginx and Apache: the seed's
 * short form, common, combined, what people add before (the virtual host) and after (`$request_time`, ingress-nginx's
 * and Traefik's fields). The time is searched for just before the request's quote, not after the first bracket: the
 * user name is whatever the client sent and may hold brackets and blanks, but never an unescaped quote, since both
 * programs escape it. This reader runs a million times in a benchmark: it uses character codes and indexOf, and no
 * regular expression on the usual line.
 */
export function createCommonLog(): FormatReader {
  const localTime = createLocalTimeReader();
  const timeOf = createTimeReader(localTime);
  const prefixes = new ClientPrefixReader();
  let format = 'combined';
  let withHost = false;

  /** Returns the time at its usual index, before the first quote; NaN when it is not there. */
  function usualTime(line: string, quote: number): number {
    const bracket = quote - TIME_BEFORE_QUOTE;
    return bracket > 0 && line.charCodeAt(bracket) === 91 && line.charCodeAt(quote - 2) === 93
      ? localTime(line, bracket + 1)
      : Number.NaN;
  }

  /** Finds a time in another notation, and an empty user written as two quotes (Apache). */
  function unusualAnchor(line: string): Anchor | string {
    let reason = line.includes('"') ? 'no [time] before the request' : 'no quoted request';
    for (let at = line.indexOf('] "'); at >= 0; at = line.indexOf('] "', at + 1)) {
      const start = Math.max(0, at - LONGEST_TIME);
      const open = line.substring(start, at).lastIndexOf('[');
      if (open < 0) continue;
      const text = line.substring(start + open + 1, at);
      const time = timeOf(text);
      if (!Number.isNaN(time)) return { bracket: start + open, quote: at + 2, time };
      reason = `no such time: ${shown(text)}`;
    }
    return reason;
  }

  function learn(line: string): void {
    const quote = line.indexOf('"');
    const usual = !Number.isNaN(usualTime(line, quote));
    const anchor = usual ? { bracket: quote - TIME_BEFORE_QUOTE } : unusualAnchor(line);
    if (typeof anchor !== 'string') prefixes.learn(line.substring(0, anchor.bracket).trimEnd());
  }

  function read(line: string): Reading {
    let quote = line.indexOf('"');
    let bracket = quote - TIME_BEFORE_QUOTE;
    let time = usualTime(line, quote);
    if (Number.isNaN(time)) {
      const anchor = unusualAnchor(line);
      if (typeof anchor === 'string') return anchor;
      ({ bracket, quote, time } = anchor);
    }

    const firstEnd = wordEnd(line, 0);
    let host: string | null = null;
    let ip =
      prefixes.plain &&
      line.charCodeAt(firstEnd + 1) === DASH &&
      line.charCodeAt(firstEnd + 2) === SPACE &&
      line.charCodeAt(firstEnd + 4) === SPACE
        ? addressOf(line.substring(0, firstEnd))
        : '';
    if (ip === '') {
      const client = prefixes.read(line.substring(0, bracket).trimEnd());
      if (typeof client === 'string') return client;
      ({ ip, host } = client);
    }

    const requestEnd = fieldEnd(line, quote + 1);
    if (requestEnd < 0) return 'the request has no closing quote';
    if (line.charCodeAt(requestEnd + 1) !== SPACE) return 'no status after the request';
    const statusAt = requestEnd + 2;
    const statusEnd = wordEnd(line, statusAt);
    let status: number | null = statusEnd - statusAt === 3 ? threeDigits(line, statusAt) : -1;
    if (status < 0) {
      const text = line.substring(statusAt, statusEnd);
      status = text === '' ? Number.NaN : statusOf(text);
      if (Number.isNaN(status)) return `not a status: ${shown(text)}`;
    }
    const { method, path, endpoint } = readRequest(line, quote + 1, requestEnd);

    let bytes: number | null = null;
    let userAgent: string | null = null;
    let ms = -1;
    let name = 'seed';
    let at = statusEnd + 1;
    if (at < line.length) {
      name = 'common';
      const bytesEnd = wordEnd(line, at);
      bytes = readBytes(line, at, bytesEnd);
      if (Number.isNaN(bytes)) {
        return `not a number of bytes: ${shown(line.substring(at, bytesEnd))}`;
      }
      at = bytesEnd;
      let referer = bytesEnd + 1;
      if (line.charCodeAt(referer) !== QUOTE) {
        const next = line.indexOf('"', referer);
        if (next >= 0 && BETWEEN.test(line.substring(referer, next))) referer = next;
      }
      if (line.charCodeAt(referer) === QUOTE) {
        const refererEnd = fieldEnd(line, referer + 1);
        if (refererEnd < 0) return 'the referer has no closing quote';
        if (line.charCodeAt(refererEnd + 2) === QUOTE) {
          name = 'combined';
          if (referer > at + 1) ms = trailingTime(line, at, referer);
          const agentEnd = fieldEnd(line, refererEnd + 3);
          if (agentEnd < 0) return 'the user agent has no closing quote';
          userAgent = line.substring(refererEnd + 3, agentEnd);
          at = agentEnd + 1;
        } else if (referer === at + 1) at = refererEnd + 1;
      }
      if (at < line.length && ms < 0) {
        const trailing = trailingFields(line, at);
        ms = trailing.ms;
        name = trailing.program ?? name;
      }
      if (ms >= 0) {
        if (name === 'combined') name = 'combined+time';
        else if (name === 'common') name = 'common+time';
      }
    }
    format = name;
    withHost = host !== null;
    const responseMs = responseTime(ms < 0 ? null : ms, status, method);
    const client = clientOf(userAgent);
    return { time, ip, method, path, endpoint, status, responseMs, bytes, client, host };
  }

  return {
    get format() {
      return withHost ? `host+${format}` : format;
    },
    learn,
    read,
  };
}

function readBytes(line: string, from: number, to: number): number | null {
  if (to - from > 15) return Number.NaN;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = line.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return bytesOf(line.substring(from, to));
    value = value * 10 + digit;
  }
  return to > from ? value : null;
}
