import { maskPath } from '../domain/mask-secrets';
import { endpointOf, MALFORMED } from './endpoint';
import { printable, unescaped } from './escapes';
import { Memo } from './memo';
import { detached } from './text';

const LONGEST_PATH = 512;

/** The request's target: `path` as displayed (no query, no control characters, at most 512), `endpoint` as counted. */
export type Target = { path: string | null; endpoint: string };
export type Request = Target & { method: string | null };

export const NO_REQUEST: Request = { method: null, path: null, endpoint: MALFORMED };

const targets = new Memo<Target>(20_000);

/** Returns the target of a request as it was logged, including escapes; it may have a query. */
export function targetOf(raw: string): Target {
  const query = raw.indexOf('?');
  return targetOfPath(query < 0 ? raw : raw.substring(0, query));
}

function targetOfPath(raw: string): Target {
  const cached = targets.get(raw);
  if (cached !== undefined) return cached;
  const target = readTarget(unescaped(raw));
  targets.set(raw, target);
  return target;
}

function readTarget(text: string): Target {
  let target = text;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) {
    const afterScheme = target.indexOf('://') + 3;
    const rest = target.slice(afterScheme).search(/[/?#]/);
    target = rest < 0 ? '/' : target.slice(afterScheme + rest);
    if (!target.startsWith('/')) target = `/${target}`;
  }
  const end = target.search(/[?#]/);
  const path = printable(end < 0 ? target : target.slice(0, end), LONGEST_PATH);
  if (!path.startsWith('/') && path !== '*') return NO_REQUEST;
  const masked = maskPath(path);
  return { path: detached(masked), endpoint: detached(endpointOf(path, masked)) };
}

/**
 * Returns a method, else null: a token of capitals, as all of IANA's registry are, and also WebDAV's, UPnP's
 * (`M-SEARCH`) and Exchange's (`RPC_IN_DATA`). The usual ones need no memory.
 */
export function methodOf(text: string): string | null {
  switch (text) {
    case 'GET':
      return 'GET';
    case 'POST':
      return 'POST';
    case 'PUT':
      return 'PUT';
    case 'PATCH':
      return 'PATCH';
    case 'DELETE':
      return 'DELETE';
    case 'HEAD':
      return 'HEAD';
    case 'OPTIONS':
      return 'OPTIONS';
    default:
      return /^[A-Z][A-Z0-9_-]{0,31}$/.test(text) ? detached(text) : null;
  }
}

/** Returns where the protocol of a request line starts (`… HTTP/1.1`, with its space), or -1 when there is none. */
function protocolAt(line: string, from: number, to: number): number {
  if (line.substring(to - 9, to - 3) === ' HTTP/') return to - 9;
  const space = line.lastIndexOf(' ', to - 1);
  return space > from && line.startsWith('HTTP/', space + 1) && space + 6 < to ? space : -1;
}

/**
 * Splits the request line between `from` and `to` of a log line into method, path and endpoint. Anything but `METHOD
 * target HTTP/x` (TLS bytes on a plain port, a `GET` alone) has none of them, whatever it looks like.
 */
export function readRequest(line: string, from: number, to: number): Request {
  const protocol = protocolAt(line, from, to);
  const space = line.indexOf(' ', from);
  if (protocol < 0 || space >= protocol) return NO_REQUEST;
  const method = methodOf(line.substring(from, space));
  if (method === null) return NO_REQUEST;
  const query = line.indexOf('?', space + 1);
  const end = query >= 0 && query < protocol ? query : protocol;
  const { path, endpoint } = targetOfPath(line.substring(space + 1, end));
  return { method, path, endpoint };
}
