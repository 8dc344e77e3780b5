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

/** The logger of accesses, and with a dot how others of them begin. */
export const ACCESS_LOGGER = 'http.log.access';
export const EVENT_STREAM = 'text/event-stream';
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const CLOSE = 125;

/** The inside of a string. */
const TEXT = '[^"\\\\]*(?:\\\\.[^"\\\\]*)*';
/** A number, or a string without a comma. */
const SIMPLE = '([^,]*)';
/** From the line's beginning up to the request's headers. */
const BEGINNING = new RegExp(
  [
    `^\\{"level":"${TEXT}","ts":${SIMPLE},"logger":"http\\.log\\.access(?:\\.${TEXT})?","msg":"handled request"`,
    `,"request":\\{"remote_ip":"(${TEXT})","remote_port":"${TEXT}"(?:,"client_ip":"(${TEXT})")?`,
    `,"proto":"${TEXT}","method":"(${TEXT})","host":"(${TEXT})","uri":"(${TEXT})","headers":\\{`,
  ].join(''),
  's',
);
/** What follows the closing bracket of the request. */
const REQUEST_END = ',"bytes_read":';
/** From there up to the answer's headers, or to the line's end. */
const ENDING = new RegExp(
  `}${REQUEST_END}\\d*,"user_id":"${TEXT}","duration":${SIMPLE},"size":(\\d*),"status":(\\d*)(?:\\}$|,"resp_headers":\\{)`,
  'sy',
);

/**
 * Reads a line that Caddy wrote without any option, by its keys in their usual order; only headers are in any. A key with
 * its quotes never occurs inside a string, where quotes are escaped, and headers begin with a capital: so nothing a
 * client sends is mistaken for one. Returns `null` when anything is out of order.
 */
export function findUsual(line: string): Found | null {
  if (line.charCodeAt(line.length - 1) !== CLOSE) return null;
  const beginning = BEGINNING.exec(line);
  if (beginning === null) return null;
  const headers = beginning[0].length - 1;
  // A truncated line contains the next one.
  if (indexFrom(line, '{', '"level":"', headers) >= 0) return null;
  const requestEnd = indexFrom(line, '}', REQUEST_END, headers);
  if (requestEnd < 0) return null;
  ENDING.lastIndex = requestEnd;
  const ending = ENDING.exec(line);
  if (ending === null) return null;
  const ts = beginning[1] ?? '';
  const duration = ending[1] ?? '';
  const status = ending[3] ?? '';
  if (hasBlanks(ts) || hasBlanks(duration)) return null;
  // Nothing was answered: whether it asked for another protocol is read as well.
  if (status === '0') return null;
  let agent: string | null = null;
  const agentAt = indexOfAgent(line, headers);
  if (agentAt >= 0 && agentAt < requestEnd) {
    if (line.substring(agentAt, agentAt + 3) !== ':["') return null;
    agent = line.substring(agentAt + 3, closingQuote(line, agentAt + 3));
  }
  return {
    logger: ACCESS_LOGGER,
    ts: withoutQuotes(ts),
    remoteIp: beginning[2] ?? null,
    clientIp: beginning[3] ?? null,
    method: beginning[4] ?? '',
    host: beginning[5] ?? '',
    uri: beginning[6] ?? null,
    agent,
    duration: withoutQuotes(duration),
    durationIsText: duration.charCodeAt(0) === QUOTE,
    size: ending[2] ?? '',
    status,
    answers: hasEventStream(line, ENDING.lastIndex) ? EVENT_STREAM : null,
    upgrades: false,
    twice: false,
  };
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
  line.charCodeAt(at) === text.charCodeAt(0) && line.startsWith(text, at);

/** Returns whether there are blanks around a value, as JSON allows. */
const hasBlanks = (value: string) =>
  value.charCodeAt(0) <= SPACE || value.charCodeAt(value.length - 1) <= SPACE;

const withoutQuotes = (value: string) =>
  value.charCodeAt(0) === QUOTE ? value.slice(1, -1) : value;
