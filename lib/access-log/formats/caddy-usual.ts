import { closingQuote } from '../escapes';

/** The fields found in a line of Caddy's. */
export type Found = {
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

export const NOTHING: Found = {
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

export const EVENT_STREAM = 'text/event-stream';
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const CLOSE = 125;
/** The text behind the request, whose closing bracket is before it. */
const BYTES_READ = ',"bytes_read":';

/**
 * Reads a line that Caddy wrote without any option, by its keys in their usual order; only headers are in any. A key with
 * its quotes never occurs inside a string, where quotes are escaped, and headers begin with a capital: so nothing a
 * client sends is mistaken for one. Returns `null` when anything is out of order.
 */
export function findUsual(line: string): Found | null {
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
