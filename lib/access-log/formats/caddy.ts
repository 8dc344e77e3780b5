import { clientOf } from '../client';
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
  twice: false,
};

const ACCESS_LOGGER = 'http.log.access';
const LOGGER = `,"logger":"${ACCESS_LOGGER}`;
/** The text between the logger's name and the client's address. */
const REQUEST_FOLLOWS = '","msg":"handled request","request":{"remote_ip":"';
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
    if (address === null || found.uri === null || statusText === null) {
      return logger === null ? 'no client_ip, uri and status, as Caddy logs them' : NOT_AN_ACCESS;
    }
    if (found.twice) return 'a field stands there twice';
    const ip = addressOf(address);
    if (ip === '') return `not an IP address: ${shown(address)}`;
    const time = timeOf(found.ts, 'utc');
    if (Number.isNaN(time)) return `no such time: ${shown(found.ts)}`;
    const status = statusOf(statusText);
    if (Number.isNaN(status)) return `not a status: ${shown(statusText)}`;
    const method = methodOf(found.method);
    const { path, endpoint } = targetOf(found.uri);
    const ms = found.answers?.startsWith(EVENT_STREAM) ? null : durationMs(found);
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
  const seconds = Number(duration);
  return duration !== '' && seconds >= 0 ? Math.round(seconds * 1_000) : null;
}

function takeMember(members: JsonMembers, found: Found): void {
  const { line, keyStart } = members;
  switch (line.charCodeAt(keyStart)) {
    case 116:
      if (found.ts === '' && (members.is('ts') || members.is('time') || members.is('timestamp')))
        found.ts = members.text();
      break;
    case 108:
      if (members.is('logger')) found.logger ??= members.text();
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
 * Reads a line that Caddy wrote without any option: finds keys in their usual order, without looking at what is
 * between. A key with its quotes and colon never occurs inside a string, where quotes are escaped, and headers begin
 * with a capital: so nothing a client sends is mistaken for one. Returns `null` when anything is out of order.
 */
function findUsual(line: string): Found | null {
  if (!line.startsWith('{"level":"') || line.charCodeAt(line.length - 1) !== 125) return null;
  // A truncated line contains the next one.
  if (line.indexOf('{"level":"', 10) >= 0) return null;
  const level = line.indexOf('"', 10);
  if (!line.startsWith(',"ts":', level + 1)) return null;
  const tsEnd = line.indexOf(',', level + 7);
  if (!isAt(line, LOGGER, tsEnd)) return null;
  const loggerEnd = line.indexOf('"', tsEnd + 11);
  if (!isAt(line, REQUEST_FOLLOWS, loggerEnd)) return null;
  const request = loggerEnd + REQUEST_FOLLOWS.indexOf(',"request"');
  const headers = indexBehind(line, ',"headers":', '{', request + 12);
  const requestEnd = indexBehind(line, '', '},"bytes_read":', headers);
  if (headers < 0 || requestEnd < 0) return null;
  const userAt = endOfNumber(line, requestEnd + 15);
  if (!line.startsWith(',"user_id":"', userAt)) return null;
  const duration = closingQuote(line, userAt + 12) + 1;
  if (!line.startsWith(',"duration":', duration)) return null;
  const members = new JsonMembers(line, request + 11);
  const found: Found = { ...NOTHING };
  while (!members.is('uri') && members.next()) takeRequestMember(members, found);
  if (members.broken || members.valueEnd + 1 !== headers) return null;
  const sizeAt = line.indexOf(',', duration + 12);
  if (!line.startsWith(',"size":', sizeAt)) return null;
  const statusAt = endOfNumber(line, sizeAt + 8);
  if (!line.startsWith(',"status":', statusAt)) return null;
  const statusEnd = endOfNumber(line, statusAt + 10);
  const durationIsText = line.charCodeAt(duration + 12) === 34;
  found.logger = line.substring(tsEnd + 11, loggerEnd);
  found.ts = textBetween(line, level + 7, tsEnd);
  found.duration = textBetween(line, duration + 12, sizeAt);
  found.durationIsText = durationIsText;
  found.size = line.substring(sizeAt + 8, statusAt);
  found.status = line.substring(statusAt + 10, statusEnd);
  const agent = indexBehind(line, '"', 'User-Agent":', headers);
  if (agent >= 0 && agent < duration) {
    if (!line.startsWith('["', agent + 13)) return null;
    found.agent = line.substring(agent + 15, closingQuote(line, agent + 15));
  }
  if (isAt(line, ',"resp_headers":{', statusEnd)) {
    const answers = indexBehind(line, '"Content-Type":["text', '/event-stream', statusEnd);
    if (answers >= 0) found.answers = EVENT_STREAM;
  } else if (line.charCodeAt(statusEnd) !== 125) return null;
  return found;
}

/**
 * Returns where `before` followed by `text` begins, from `from` on; -1 when it does not occur. Much faster than searching
 * for both at once where `text` begins with a character that is rarer than those of `before`.
 */
function indexBehind(line: string, before: string, text: string, from: number): number {
  if (from < 0) return -1;
  let at = line.indexOf(text, from + before.length);
  while (at >= 0 && !line.startsWith(before, at - before.length)) {
    at = line.indexOf(text, at + 1);
  }
  return at < 0 ? -1 : at - before.length;
}

/** Returns what `line.startsWith(text, at)` does; for more than a dozen characters this is several times faster. */
const isAt = (line: string, text: string, at: number) =>
  line.substring(at, at + text.length) === text;

function endOfNumber(line: string, from: number): number {
  let end = from;
  while (line.charCodeAt(end) >= 48 && line.charCodeAt(end) <= 57) end++;
  return end;
}

/** Returns a string without its quotes. */
function textBetween(line: string, from: number, to: number): string {
  return line.charCodeAt(from) === 34 ? line.substring(from + 1, to - 1) : line.substring(from, to);
}
