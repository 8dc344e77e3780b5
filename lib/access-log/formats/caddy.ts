import { clientOf } from '../client';
import { NOT_LOGGED } from '../endpoint';
import { closingQuote, unescaped } from '../escapes';
import { addressOf, hostOf, responseTime, shown, statusOf, unitDurationOf } from '../fields';
import { JsonMembers } from '../json-members';
import { methodOf, targetOf } from '../request';
import { createTimeReader } from '../timestamp';
import { type FormatReader, NOT_AN_ACCESS, type Reading } from './format';

/** The fields found in a line. */
type Found = {
  logger: string | null;
  ts: string;
  clientIp: string | null;
  remoteIp: string | null;
  method: string;
  host: string;
  uri: string | null;
  agent: string | null;
  duration: string;
  durationIsText: boolean;
  size: string;
  status: string | null;
  /** The content type of the answer. */
  answers: string | null;
  /** The request asked for another protocol: older versions log a websocket with status 0. */
  upgrades: boolean;
  twice: boolean;
};

const NOTHING: Found = {
  logger: null,
  ts: '',
  clientIp: null,
  remoteIp: null,
  method: '',
  host: '',
  uri: null,
  agent: null,
  duration: '',
  durationIsText: false,
  size: '',
  status: null,
  answers: null,
  upgrades: false,
  twice: false,
};

const ACCESS_LOGGER = 'http.log.access';
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const CLOSE = 125;
/** The text behind the request, whose closing bracket is before it. */
const BYTES_READ = ',"bytes_read":';
/** A longer duration is damaged. */
const LONGEST_SECONDS = 1e9;
const EVENT_STREAM = 'text/event-stream';

/**
 * Reads Caddy's access log: JSON by its own encoder, or the `console` encoder's words followed by the same JSON. The
 * client is `client_ip` (from 2.7 on; it honours `trusted_proxies`), else `remote_ip`; never a header. `duration` is in
 * seconds unless it is text with a unit. A time without a zone is UTC. Status 0: nothing was answered. Lines of other
 * loggers are not accesses: above all `http.log.error`, which logs the same request a second time. Source:
 * caddyserver/caddy `modules/caddyhttp/marshalers.go`, `server.go`, `modules/logging/encoders.go`.
 */
export function createCaddy(): FormatReader {
  const timeOf = createTimeReader();

  function read(line: string): Reading {
    const usual = findUsual(line);
    if (usual !== null) return hitOf(usual);
    const console = line.charCodeAt(0) !== 123;
    const found: Found = { ...NOTHING };
    let open = 0;
    if (console) {
      const [time = '', , logger = '', , json = ''] = line.split('\t', 5);
      if (json === '' || !json.startsWith('{')) return NOT_AN_ACCESS;
      open = line.indexOf('{', time.length + logger.length);
      found.ts = time;
      found.logger = logger;
    }
    const members = new JsonMembers(line, open);
    while (members.next()) takeMember(members, found);
    if (members.broken || members.end < line.trimEnd().length) return 'not a JSON object';
    return hitOf(found);
  }

  function hitOf(found: Found): Reading {
    const { logger, status: statusText } = found;
    if (logger !== null && !isAccessLogger(logger)) return NOT_AN_ACCESS;
    const address = found.clientIp ?? found.remoteIp;
    if (address === null || statusText === null) {
      return 'no client_ip and status, as Caddy logs them';
    }
    // Without the logger's name, its fields tell an access from an error with the same request.
    if (logger === null && found.size === '') return NOT_AN_ACCESS;
    if (found.twice) return 'a field stands there twice';
    const ip = addressOf(address);
    if (ip === '') return `not an IP address: ${shown(address)}`;
    const time = timeOf(found.ts, 'utc');
    if (Number.isNaN(time)) return `no such time: ${shown(found.ts)}`;
    const status = statusOf(statusText);
    if (Number.isNaN(status)) return `not a status: ${shown(statusText)}`;
    const method = methodOf(found.method);
    // A filter may have deleted it.
    const { path, endpoint } =
      found.uri === null ? { path: null, endpoint: NOT_LOGGED } : targetOf(found.uri);
    const streamed = found.answers?.startsWith(EVENT_STREAM) || (status === null && found.upgrades);
    const ms = streamed ? null : durationMs(found);
    const bytes = /^\d{1,15}$/.test(found.size) ? Number(found.size) : null;
    return {
      time,
      ip,
      method,
      path,
      endpoint,
      status,
      responseMs: responseTime(ms, status, method),
      bytes,
      client: clientOf(found.agent),
      host: hostOf(found.host),
    };
  }

  return { format: 'caddy', read };
}

function isAccessLogger(logger: string): boolean {
  return logger === ACCESS_LOGGER || logger.startsWith(`${ACCESS_LOGGER}.`);
}

function durationMs({ duration, durationIsText }: Found): number | null {
  if (durationIsText) return unitDurationOf(unescaped(duration));
  // Seconds have a fraction; `duration_format` may also be whole milli- or nanoseconds, which nothing tells apart.
  if (duration === '' || (duration !== '0' && /^\d+$/.test(duration))) return null;
  const seconds = Number(duration);
  return seconds >= 0 && seconds < LONGEST_SECONDS ? Math.round(seconds * 1_000) : null;
}

/** What people make of `time_key`. */
const TIME_KEY = /^(?:ts|t|@?time(?:stamp)?|@t|date(?:time)?)$/i;
/** How the names of Caddy's own loggers begin. */
const LOGGER = /^(?:http|tls|admin|pki|caddy|layer4)\b/;

function takeMember(members: JsonMembers, found: Found): void {
  const { line, keyStart } = members;
  if (found.ts === '' && TIME_KEY.test(members.key())) {
    found.ts = members.text();
    return;
  }
  switch (line.charCodeAt(keyStart)) {
    case 108:
      if (members.is('logger')) found.logger ??= members.text();
      break;
    case 110:
      if (members.is('name') && LOGGER.test(members.text())) found.logger ??= members.text();
      break;
    case 114:
      if (members.kind !== 'object') break;
      if (members.is('request')) takeRequest(members.members(), found);
      else if (members.is('resp_headers'))
        found.answers ??= takeHeader(members.members(), 'Content-Type');
      break;
    case 100:
      if (members.is('duration')) {
        found.duration = members.text();
        found.durationIsText = members.kind === 'string';
      }
      break;
    case 115:
      if (members.is('size')) found.size = members.text();
      else if (members.is('status')) {
        found.twice ||= found.status !== null;
        found.status = members.text();
      }
      break;
  }
}

function takeRequest(request: JsonMembers, found: Found): void {
  while (request.next()) {
    takeRequestMember(request, found);
    if (request.is('headers') && request.kind === 'object') {
      found.agent ??= takeHeader(request.members(), 'User-Agent');
      found.upgrades ||= /websocket/i.test(takeHeader(request.members(), 'Upgrade') ?? '');
    }
  }
}

function takeRequestMember(request: JsonMembers, found: Found): void {
  const { line, keyStart } = request;
  switch (line.charCodeAt(keyStart)) {
    case 114:
      // Up to 2.4 it was `remote_addr`, with a port.
      if (request.is('remote_ip') || request.is('remote_addr')) {
        found.twice ||= found.remoteIp !== null;
        found.remoteIp = request.text();
      }
      break;
    case 99:
      if (request.is('client_ip')) {
        found.twice ||= found.clientIp !== null;
        found.clientIp = request.text();
      }
      break;
    case 109:
      if (request.is('method')) found.method = request.text();
      break;
    case 104:
      if (request.is('host')) found.host = request.text();
      break;
    case 117:
      if (request.is('uri')) found.uri ??= request.text();
      break;
  }
}

function takeHeader(headers: JsonMembers, name: string): string | null {
  while (headers.next()) if (headers.is(name)) return headers.firstText();
  return null;
}

/**
 * Reads a line that Caddy wrote without any option, by its keys in their usual order; only headers are in any. A key with
 * its quotes never occurs inside a string, where quotes are escaped, and headers begin with a capital: so nothing a
 * client sends is mistaken for one. Returns `null` when anything is out of order.
 */
function findUsual(line: string): Found | null {
  const cursor = new LineCursor(line);
  if (!cursor.passes('{"level":"') || line.charCodeAt(line.length - 1) !== CLOSE) return null;
  const found: Found = { ...NOTHING };
  cursor.string();
  if (!cursor.passes('","ts":')) return null;
  const ts = cursor.until(',');
  if (hasBlanks(ts)) return null;
  found.ts = withoutQuotes(ts);
  if (!cursor.passes(',"logger":"')) return null;
  found.logger = cursor.string();
  if (!cursor.passes('","msg":"handled request","request":{"remote_ip":"')) return null;
  found.remoteIp = cursor.string();
  if (!cursor.passes('","remote_port":"')) return null;
  cursor.string();
  if (cursor.passes('","client_ip":"')) found.clientIp = cursor.string();
  if (!cursor.passes('","proto":"')) return null;
  cursor.string();
  if (!cursor.passes('","method":"')) return null;
  found.method = cursor.string();
  if (!cursor.passes('","host":"')) return null;
  found.host = cursor.string();
  if (!cursor.passes('","uri":"')) return null;
  found.uri = cursor.string();
  if (!cursor.passes('","headers":{')) return null;
  const headers = cursor.at - 1;
  // A truncated line contains the next one.
  if (indexFrom(line, '{', '"level":"', headers) >= 0) return null;
  const requestEnd = indexFrom(line, '}', BYTES_READ, headers);
  if (requestEnd < 0) return null;
  const agent = indexOfAgent(line, headers);
  if (agent >= 0 && agent < requestEnd) {
    if (!line.startsWith(':["', agent)) return null;
    cursor.at = agent + 3;
    found.agent = cursor.string();
  }
  cursor.at = requestEnd + 1 + BYTES_READ.length;
  cursor.digits();
  if (!cursor.passes(',"user_id":"')) return null;
  cursor.string();
  if (!cursor.passes('","duration":')) return null;
  const duration = cursor.until(',');
  if (hasBlanks(duration)) return null;
  found.durationIsText = duration.charCodeAt(0) === QUOTE;
  found.duration = withoutQuotes(duration);
  if (!cursor.passes(',"size":')) return null;
  found.size = cursor.digits();
  if (!cursor.passes(',"status":')) return null;
  found.status = cursor.digits();
  // Nothing was answered: whether it asked for another protocol is read as well.
  if (found.status === '0') return null;
  if (cursor.at === line.length - 1) return found;
  if (!cursor.passes(',"resp_headers":{')) return null;
  if (hasEventStream(line, cursor.at)) found.answers = EVENT_STREAM;
  return found;
}

/** A line that is read from front to back. Each method advances, but `passes` only where it returns true. */
class LineCursor {
  at = 0;

  constructor(private readonly line: string) {}

  /** Returns whether a text comes next. */
  passes(text: string): boolean {
    const end = this.at + text.length;
    // Not startsWith, which compares character by character.
    if (this.at < 0 || this.line.substring(this.at, end) !== text) return false;
    this.at = end;
    return true;
  }

  /** Returns the rest of a string, up to its closing quote; nothing matches behind one that is not closed. */
  string(): string {
    return this.upTo(closingQuote(this.line, this.at));
  }

  until(character: string): string {
    return this.upTo(this.line.indexOf(character, this.at));
  }

  digits(): string {
    const { line } = this;
    let end = this.at;
    while (line.charCodeAt(end) >= 48 && line.charCodeAt(end) <= 57) end++;
    return this.upTo(end);
  }

  private upTo(end: number): string {
    const text = this.line.substring(this.at, end);
    this.at = end;
    return text;
  }
}

/** Returns the end of the key `User-Agent`; -1 when there is none. */
function indexOfAgent(line: string, headers: number): number {
  const rest = 'ser-Agent"';
  let at = indexFrom(line, 'U', rest, headers);
  while (at >= 0 && (line.charCodeAt(at - 1) !== QUOTE || line.charCodeAt(at - 2) === BACKSLASH)) {
    at = indexFrom(line, 'U', rest, at + 1);
  }
  return at < 0 ? -1 : at + 1 + rest.length;
}

/** Returns whether the answer's headers from `from` on say that it is a stream of events. */
function hasEventStream(line: string, from: number): boolean {
  const before = '"Content-Type":["text';
  let at = indexFrom(line, '/', 'event-stream', from);
  while (at >= 0 && line.substring(at - before.length, at) !== before) {
    at = indexFrom(line, '/', 'event-stream', at + 1);
  }
  return at >= 0;
}

/**
 * Returns where `first`, a single character, followed by `rest` begins, from `from` on; -1 when it does not occur. V8
 * searches for one character several times faster than for more.
 */
function indexFrom(line: string, first: string, rest: string, from: number): number {
  let at = line.indexOf(first, from);
  while (at >= 0 && !startsAt(line, rest, at + 1)) at = line.indexOf(first, at + 1);
  return at;
}

/** Looks at the first character before it compares the rest: that is nearly always enough. */
const startsAt = (line: string, text: string, at: number) =>
  line.charCodeAt(at) === text.charCodeAt(0) && line.substring(at, at + text.length) === text;

/** Returns whether there are blanks around a value, as JSON allows. */
const hasBlanks = (value: string) =>
  value.charCodeAt(0) <= SPACE || value.charCodeAt(value.length - 1) <= SPACE;

const withoutQuotes = (value: string) =>
  value.charCodeAt(0) === QUOTE ? value.slice(1, -1) : value;
