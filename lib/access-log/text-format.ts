import { clientOf } from './client';
import { closingQuote } from './escapes';
import { addressOf, bytesOf, durationOf, shown, statusOf } from './fields';
import type { FormatReader, ParsedLine } from './parsed-line';
import { readRequest } from './request';
import { createLocalTimeReader, LOCAL_TIME_LENGTH } from './timestamp';

/** `[` time `] "`: how far before the request's quote the time starts. */
const TIME_BEFORE_QUOTE = LOCAL_TIME_LENGTH + 3;

const QUOTE = 34;
const SPACE = 32;

/** End of the word at `from`: the next space or the line's end. */
function wordEnd(line: string, from: number): number {
  const space = line.indexOf(' ', from);
  return space < 0 ? line.length : space;
}

/** Milliseconds of `0.034` between `from` and `to`: digits, a dot, exactly three digits. -1 when it is anything else. */
function milliseconds(line: string, from: number, to: number): number {
  const dot = to - 4;
  if (dot <= from || dot - from > 9 || line.charCodeAt(dot) !== 46) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    if (at === dot) continue;
    const digit = line.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * The response time among the fields behind the known ones: the first that is written as nginx writes
 * `$request_time`, bare, quoted, or named (`rt=0.034`). -1 when there is none.
 * Where a log has an upstream's time first, only ACCESS_LOG_FORMAT can tell them apart.
 */
function trailingTime(line: string, from: number): number {
  for (let at = from; at < line.length; ) {
    const code = line.charCodeAt(at);
    if (code === SPACE) {
      at++;
      continue;
    }
    if (code === QUOTE) {
      const end = closingQuote(line, at + 1);
      if (end < 0) return -1;
      const value = milliseconds(line, at + 1, end);
      if (value >= 0) return value;
      at = end + 1;
      continue;
    }
    const end = wordEnd(line, at);
    const value = milliseconds(line, at, end);
    if (value >= 0) return value;
    const named = /^(?:rt|request_time)="?([\d.]+)"?$/.exec(line.substring(at, end))?.[1];
    if (named !== undefined) return durationOf(named) ?? -1;
    at = end;
  }
  return -1;
}

/** The three digits at `at` as a status code; -1 when they are none. */
function threeDigits(line: string, at: number): number {
  const hundreds = line.charCodeAt(at) - 48;
  const tens = line.charCodeAt(at + 1) - 48;
  const ones = line.charCodeAt(at + 2) - 48;
  const digits = hundreds >= 1 && hundreds <= 5 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
  return digits ? hundreds * 100 + tens * 10 + ones : -1;
}

/**
 * The family that starts with `address - user [time] "request" status`: the seed's short form, common, combined, and
 * what people append to them (nginx's `main`, `$request_time`, ingress-nginx's fields).
 *
 * The time is looked for just before the first quote, not after the first bracket: the user name is whatever the
 * client sent and may hold brackets and blanks, but never a quote, which nginx escapes. This reader runs a million
 * times a bench: character codes and indexOf, no regular expression on the usual line.
 */
export function createTextFormat(): FormatReader {
  const localTime = createLocalTimeReader();
  let format = 'combined';

  function read(line: string): ParsedLine | string {
    const quote = line.indexOf('"');
    const bracket = quote - TIME_BEFORE_QUOTE;
    if (bracket < 1 || line.charCodeAt(bracket) !== 91 || line.charCodeAt(quote - 2) !== 93) {
      return quote < 0 ? 'no quoted request' : 'no [time] before the request';
    }
    const address = line.substring(0, wordEnd(line, 0));
    const ip = addressOf(address);
    if (ip === '') return `not an IP address: ${shown(address)}`;
    const time = localTime(line, bracket + 1);
    if (Number.isNaN(time)) return `no such time: ${shown(line.substring(bracket + 1, quote - 2))}`;
    const requestEnd = closingQuote(line, quote + 1);
    if (requestEnd < 0) return 'the request has no closing quote';
    if (line.charCodeAt(requestEnd + 1) !== SPACE) return 'no status after the request';

    const statusAt = requestEnd + 2;
    const statusEnd = wordEnd(line, statusAt);
    let status: number | null = statusEnd - statusAt === 3 ? threeDigits(line, statusAt) : -1;
    if (status < 0) {
      const text = line.substring(statusAt, statusEnd);
      status = text === '' ? Number.NaN : statusOf(text);
      if (Number.isNaN(status)) return `not a status from 100 to 599: ${shown(text)}`;
    }
    const { method, path, endpoint } = readRequest(line, quote + 1, requestEnd);

    let bytes: number | null = null;
    let userAgent: string | null = null;
    let responseMs: number | null = null;
    let name = 'seed';
    let at = statusEnd + 1;
    if (at < line.length) {
      name = 'common';
      const bytesEnd = wordEnd(line, at);
      bytes = readBytes(line, at, bytesEnd);
      if (Number.isNaN(bytes)) {
        return `not a number of bytes: ${shown(line.substring(at, bytesEnd))}`;
      }
      at = bytesEnd + 1;
      if (line.charCodeAt(at) === QUOTE) {
        const refererEnd = closingQuote(line, at + 1);
        if (refererEnd < 0) return 'the referer has no closing quote';
        at = refererEnd + 1;
        if (line.charCodeAt(at + 1) === QUOTE) {
          name = 'combined';
          const agentEnd = closingQuote(line, at + 2);
          if (agentEnd < 0) return 'the user agent has no closing quote';
          userAgent = line.substring(at + 2, agentEnd);
          at = agentEnd + 1;
        }
      }
      if (at < line.length) {
        const value = trailingTime(line, at);
        if (value >= 0) {
          responseMs = value;
          name = name === 'combined' ? 'combined+time' : 'common+time';
        }
      }
    }
    format = name;
    const client = clientOf(userAgent);
    return { time, ip, method, path, endpoint, status, responseMs, bytes, client };
  }

  return {
    get format() {
      return format;
    },
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
