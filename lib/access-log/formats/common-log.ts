import { clientOf } from '../client';
import { addressOf, hostOf, responseTime, shown, statusOf } from '../fields';
import { readRequest } from '../request';
import { AfterStatus, fieldEnd, wordEnd } from './after-status';
import { type Anchor, BracketedTime, TIME_BEFORE_QUOTE } from './bracketed-time';
import { ClientPrefixReader, isName } from './client-prefix';
import type { FormatReader, Reading } from './format';

const QUOTE = 34;
const SPACE = 32;
const DASH = 45;

/**
 * Reads the family of `address - user [time] "request" status size "referer" "agent"` of nginx and Apache: the seed's
 * short form, common, combined, what people add before (the virtual host), between (`$ssl_protocol`) and after
 * (`$request_time`, ingress-nginx's and Traefik's fields). This reader runs a million times in a benchmark: it uses character codes and indexOf, and no
 * regular expression on the usual line.
 */
export function createCommonLog(): FormatReader {
  const times = new BracketedTime();
  const prefixes = new ClientPrefixReader();
  const rest = new AfterStatus();
  let format = 'combined';
  let withHost = false;
  /** Whether lines were seen that have a name behind a time that comes first: a host, which clients choose. */
  let namesBehindTime = false;

  function read(line: string): Reading {
    let quote = line.indexOf('"');
    let bracket = quote - TIME_BEFORE_QUOTE;
    let time = times.usual(line, quote);
    let host: string | null = null;
    let prefix: string | null = null;
    if (Number.isNaN(time)) {
      const anchor = times.search(line);
      if (typeof anchor === 'string') return anchor;
      ({ bracket, quote, time } = anchor);
      prefix = prefixOf(line, anchor);
      if (bracket === 0 && namesBehindTime) {
        return `the first word may be the host a client asked for: ${shown(prefix)}`;
      }
      if (bracket > 0) host = hostIn(anchor.between);
    }

    let ip = prefixes.plain ? plainAddress(line) : '';
    if (ip === '') {
      const client = prefixes.read(prefix ?? line.substring(0, bracket).trimEnd());
      if (typeof client === 'string') return client;
      ip = client.ip;
      host = client.host ?? host;
    }

    let requestEnd = fieldEnd(line, quote + 1);
    if (line.charCodeAt(requestEnd + 2) === QUOTE && requestEnd >= 0) {
      // `"$host" "$request"`
      host ??= hostOf(line.substring(quote + 1, requestEnd));
      quote = requestEnd + 2;
      requestEnd = fieldEnd(line, quote + 1);
    }
    if (requestEnd < 0) return 'the request has no closing quote';
    if (line.charCodeAt(requestEnd + 1) !== SPACE) return 'no status after the request';
    let statusAt = requestEnd + 2;
    let timeBefore = -1;
    if (line.charCodeAt(statusAt + 3) !== SPACE && statusAt + 3 !== line.length) {
      ({ statusAt, timeBefore } = beforeStatus(line, statusAt));
    }
    const statusEnd = wordEnd(line, statusAt);
    const status = readStatus(line, statusAt, statusEnd);
    if (Number.isNaN(status)) return `not a status: ${shown(line.substring(statusAt, statusEnd))}`;
    const { method, path, endpoint } = readRequest(line, quote + 1, requestEnd);

    const fault = rest.read(line, statusEnd + 1);
    if (fault !== null) return fault;
    const { bytes } = rest;
    const ms = timeBefore < 0 ? rest.ms : timeBefore;
    format = rest.name;
    withHost = host !== null;
    const responseMs = responseTime(ms < 0 ? null : ms, status, method);
    const client = clientOf(rest.userAgent);
    return { time, ip, method, path, endpoint, status, responseMs, bytes, client, host };
  }

  function learn(line: string): void {
    const quote = line.indexOf('"');
    if (!Number.isNaN(times.usual(line, quote))) {
      prefixes.learn(line.substring(0, quote - TIME_BEFORE_QUOTE).trimEnd());
      return;
    }
    const anchor = times.search(line);
    if (typeof anchor === 'string') return;
    const prefix = prefixOf(line, anchor);
    prefixes.learn(prefix);
    times.learn(anchor);
    if (anchor.bracket === 0) namesBehindTime ||= addressOf(prefix.replace(/ .*/, '')) === '';
  }

  return {
    get format() {
      return withHost ? `host+${format}` : format;
    },
    learn,
    read,
  };
}

/** Finds the status behind more than one blank, and behind `$request_time`, which some have before it. */
function beforeStatus(line: string, from: number): { statusAt: number; timeBefore: number } {
  let statusAt = from;
  while (line.charCodeAt(statusAt) === SPACE) statusAt++;
  const time = /^(\d{1,6}\.\d{3}) \d{3}(?: |$)/.exec(line.substring(statusAt, statusAt + 16))?.[1];
  if (time === undefined) return { statusAt, timeBefore: -1 };
  return { statusAt: statusAt + time.length + 1, timeBefore: Math.round(Number(time) * 1_000) };
}

/** Returns the words before the time, or those behind it where it comes first. */
function prefixOf(line: string, { bracket, between }: Anchor): string {
  return (bracket > 0 ? line.substring(0, bracket) : between).trim();
}

/** Returns the host among the words between the time and the request. */
function hostIn(between: string): string | null {
  const name = between.split(' ').find((word) => isName(word) && !/^(?:TLS|SSL)v/.test(word));
  return name === undefined ? null : hostOf(name);
}

/** Returns the address of a line that begins with `address - u `; empty when it does not. */
function plainAddress(line: string): string {
  const end = wordEnd(line, 0);
  const isPlain =
    line.charCodeAt(end + 1) === DASH &&
    line.charCodeAt(end + 2) === SPACE &&
    line.charCodeAt(end + 4) === SPACE;
  return isPlain ? addressOf(line.substring(0, end)) : '';
}

/** Returns the status; NaN when the word is none, `null` when nothing was answered. */
function readStatus(line: string, from: number, to: number): number | null {
  const status = to - from === 3 ? threeDigits(line, from) : -1;
  if (status >= 0) return status;
  return from === to ? Number.NaN : statusOf(line.substring(from, to));
}

/** Returns the three digits at `at` as a status code; -1 when they are not digits. */
function threeDigits(line: string, at: number): number {
  const hundreds = line.charCodeAt(at) - 48;
  const tens = line.charCodeAt(at + 1) - 48;
  const ones = line.charCodeAt(at + 2) - 48;
  const digits = hundreds >= 1 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
  return digits ? hundreds * 100 + tens * 10 + ones : -1;
}
