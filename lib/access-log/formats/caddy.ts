import { SECOND } from '../../util/time';
import { clientOf } from '../client';
import { NOT_LOGGED } from '../endpoint';
import { unescaped } from '../escapes';
import {
  addressOf,
  digitsOf,
  hostOf,
  millisecondsOf,
  responseTime,
  shown,
  statusOf,
  unitDurationOf,
} from '../fields';
import { JsonMembers } from '../json-members';
import { methodOf, targetOf } from '../request';
import { createTimeReader } from '../timestamp';
import { ACCESS_LOGGER, EVENT_STREAM, type Found, findUsual, NOTHING } from './caddy-usual';
import { type FormatReader, NOT_AN_ACCESS, type Reading } from './format';

/** A longer duration is damaged. */
const LONGEST_SECONDS = 1e9;

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
    const size = digitsOf(found.size);
    return {
      time,
      ip,
      method,
      path,
      endpoint,
      status,
      responseMs: responseTime(ms, status, method),
      bytes: Number.isNaN(size) ? null : size,
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
  const milliseconds = millisecondsOf(duration);
  if (milliseconds < LONGEST_SECONDS * SECOND) return milliseconds;
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
