import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { badgeAt, badgeKey } from '../domain/badge';
import { type AccessPolicy, type Caller, callerName, roleOf } from '../domain/caller';
import type { TailnetStatus } from '../domain/device';
import { isAppError } from '../domain/errors';
import { say } from '../domain/said';
import { inLanguage } from '../i18n/on-server';
import { requestLanguage } from '../i18n/request-language';
import { underRequest } from '../log/context';
import { logger } from '../log/log';
import { asCaller } from './current';
import { isOurHost } from './host-check';
import type { Identifier } from './identifier';
import { type Refusal, refuse } from './refusal';

const log = logger('identity');

/** Those that need no nonce and hold for every answer. */
const SECURITY_HEADERS = new Map([
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'same-origin'],
  [
    'Permissions-Policy',
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  ],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
]);
/** Larger than any body the API accepts. */
const MOST_BODY_BYTES = 256 * 1024;
/** What programs behind the gate may take for another path. */
const MALFORMED = /\/\/|\\|%2f|%5c|%00|(^|\/)(\.|%2e){1,2}(\/|$)/i;
const METHODS = ['GET', 'HEAD', 'POST', 'DELETE'];
/** The program's own static files, served to everyone, without authentication. */
const OUR_FILES =
  /^\/(_next\/static\/[\w./~()[\]%-]+|theme\.js|icon\.svg|favicon\.ico|manifest\.webmanifest|app-icon\/\d+\.png|sw\.js|offline\.html)$/;
/** The health check, which tells callers without access only whether the service is ok. */
const HEALTH = '/healthz';
/** Pages and calls for admins only. Their handlers check the role again, so no other spelling of a URL bypasses it. */
const ADMIN = /^\/(vpn\/)?(logs|audit|settings)(\/|$)/;
/** Scripts, styles, fonts and icons may load nothing themselves. A page's policy would be longer than some of them. */
const FILE_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** What else a file needs: the worker fetches pages, and the page it shows offline has its style within it. */
const MORE_POLICY: Record<string, string> = {
  '/sw.js': "; connect-src 'self'",
  '/offline.html': "; style-src 'unsafe-inline'",
};
const INGEST = ['POST /models/metrics'];
/** Looks as a GET does: its tools read, and only its protocol says that they are asked for by POST. */
const LOOKING = ['POST /mcp'];
/** The view of a signed link. */
const SIGNED_LINK = /^\/embed\/[\w.~-]+$/;
/** Headers set by proxies in front; nothing behind the gate may mistake them for the service's own. */
const NOT_OURS =
  /^(x-forwarded-|forwarded$|x-middleware-|x-nextjs-|x-invoke-|x-matched-path$|next-)/;
/** Next's own headers, sent by its router in the browser; they do not change what is requested. */
const ROUTER = [
  'next-router-state-tree',
  'next-router-prefetch',
  'next-router-segment-prefetch',
  'next-url',
];

export type GateSettings = {
  policy: AccessPolicy;
  allowedHosts: readonly string[];
  opened?: {
    /** Badges that everyone may see, by `badgeKey`. */
    publicBadges: ReadonlySet<string>;
    /** Who may show a signed link's view in a frame; empty: every site. */
    embedOrigins: readonly string[];
  };
};

/**
 * Checks every request before anything else sees it: refuses it, or passes it on with its caller, a request id and a
 * content security policy. Anything beyond reading is checked again where it is done (`requireRole`).
 */
export class Gate {
  constructor(
    private readonly settings: GateSettings,
    private readonly identifier: Pick<Identifier, 'identify'>,
    private readonly status: () => TailnetStatus | null,
  ) {}

  /** Calls `next` on behalf of the caller, in the language of the request, or answers the request itself. */
  pass(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
    return inLanguage(requestLanguage(request.headers), () => this.check(request, response, next));
  }

  private async check(
    request: IncomingMessage,
    response: ServerResponse,
    next: () => void,
  ): Promise<void> {
    const requestId = randomUUID();
    const nonce = randomBytes(16).toString('base64');
    const policy = contentSecurityPolicy(nonce, this.framedBy(request));
    response.setHeader('X-Request-Id', requestId);
    response.setHeader('Content-Security-Policy', policy);
    response.setHeaders(SECURITY_HEADERS);
    // Its policy says on which sites a signed link's view may be in a frame.
    if (!SIGNED_LINK.test(pathnameOf(request))) response.setHeader('X-Frame-Options', 'DENY');
    request.url = withPlainIds(request.url);
    let user: string | null = null;
    const refusing = (refusal: Refusal) =>
      underRequest({ requestId, user }, () => {
        const { method, url } = request;
        const address = request.socket.remoteAddress;
        log.info(`refused ${method}: ${refusal.detail.text}`, {
          status: refusal.status,
          url,
          address,
        });
        refuse(response, refusal, wantsPage(request), nonce);
      });

    const fault = faultOf(request) ?? this.hostFault(request);
    if (fault) return refusing(fault);
    if (isOurFile(request)) {
      const more = MORE_POLICY[pathnameOf(request)] ?? '';
      response.setHeader('Content-Security-Policy', FILE_POLICY + more);
      return next();
    }
    try {
      const answerWith = (name: string, value: string) => void response.appendHeader(name, value);
      const caller = await this.identifier.identify({ ...originOf(request), answerWith });
      user = callerName(caller);
      const role = roleOf(caller, this.settings.policy);
      const isPublic = this.isPublic(request);
      if (role === null && !isPublic && !isOpenTo(request, caller)) {
        return refusing(notNamed(caller));
      }
      if (role === 'viewer' && needsAdmin(request)) {
        return refusing({ status: 403, detail: say('refusals.adminsOnly') });
      }
      settleHeaders(request, policy);
      underRequest({ requestId, user }, () => asCaller({ caller, role, isPublic, response }, next));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) return refusing(refusal);
      underRequest({ requestId, user }, () =>
        log.error('a request could not be admitted', { error }),
      );
      refusing({ status: 503, detail: say('refusals.notIdentified') });
    }
  }

  /** Returns whether everyone may see what is asked for: a badge named as public; a signed link, which decides itself. */
  private isPublic(request: IncomingMessage): boolean {
    if (!onlyLooks(request)) return false;
    const path = pathnameOf(request);
    if (SIGNED_LINK.test(path)) return true;
    const badge = badgeAt(path);
    return badge !== null && (this.settings.opened?.publicBadges.has(badgeKey(badge)) ?? false);
  }

  /** Returns which sites may show the answer in a frame: none, but for a signed link's view. */
  private framedBy(request: IncomingMessage): string {
    if (!SIGNED_LINK.test(pathnameOf(request))) return "'none'";
    const origins = this.settings.opened?.embedOrigins ?? [];
    return origins.length > 0 ? origins.join(' ') : '*';
  }

  private hostFault({ headers: { host } }: IncomingMessage): Refusal | null {
    const self = this.status()?.devices.find((device) => device.self);
    if (isOurHost(host, self, this.settings.allowedHosts)) return null;
    const name = JSON.stringify(host ?? '').slice(0, 100);
    return { status: 421, detail: say('refusals.host', { name }) };
  }
}

/** Returns what is wrong with a request, regardless of its sender. */
function faultOf(request: IncomingMessage): Refusal | null {
  const { method = '', headers } = request;
  if (!METHODS.includes(method)) {
    const detail = say('refusals.method', { method: JSON.stringify(method) });
    return { status: 405, detail, headers: { Allow: METHODS.join(', ') } };
  }
  const path = pathnameOf(request);
  if (!path.startsWith('/') || MALFORMED.test(path) || !isDecodable(path)) {
    return { status: 400, detail: say('refusals.malformed') };
  }
  if (Number(headers['content-length'] ?? 0) > MOST_BODY_BYTES) {
    return { status: 413, detail: say('refusals.tooLarge', { kib: MOST_BODY_BYTES / 1024 }) };
  }
  if (!onlyLooks(request) && isForeign(headers)) {
    return { status: 403, detail: say('refusals.foreign') };
  }
  return null;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** Returns whether a page of another site sent the request: browsers say where a request comes from. */
function isForeign(headers: IncomingMessage['headers']): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
}

function originOf({ socket, headers }: IncomingMessage) {
  return {
    peer: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
    ours: { address: socket.localAddress ?? '', port: socket.localPort ?? 0 },
    headers,
    connection: socket,
  };
}

/**
 * Returns a URL with the encoded slash of its ids decoded (`east%2F12` becomes `east/12`). It is the only encoded slash
 * allowed, so that everything behind the gate sees a single spelling.
 */
const withPlainIds = (url = '') =>
  url.replace(/^([^?]*\/[\w.-]{1,60})%2f(\d{1,15})(?=[/?]|$)/i, '$1/$2');

const pathnameOf = ({ url = '' }: IncomingMessage) => url.split('?')[0] ?? '';
const onlyLooks = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD';

const isOurFile = (request: IncomingMessage) =>
  onlyLooks(request) && OUR_FILES.test(pathnameOf(request));

function isOpenTo(request: IncomingMessage, caller: Caller): boolean {
  const path = pathnameOf(request);
  if (caller.kind === 'token' && INGEST.includes(`${request.method} ${path}`)) return true;
  return onlyLooks(request) && path === HEALTH;
}

const needsAdmin = (request: IncomingMessage) =>
  !(onlyLooks(request) || LOOKING.includes(`${request.method} ${pathnameOf(request)}`)) ||
  ADMIN.test(pathnameOf(request));

/** Returns whether the request is a navigation rather than a script's request for data. */
const wantsPage = ({ headers: { accept } }: IncomingMessage) =>
  accept?.includes('text/html') ?? false;

function notNamed(caller: Caller): Refusal {
  switch (caller.kind) {
    case 'token':
      return { status: 403, detail: say('refusals.onlyReports', { name: caller.name }) };
    case 'node': {
      const { login, device, tags } = caller.node;
      const detail =
        tags.length > 0
          ? say('refusals.noAccessTagged', { device, tags: tags.join(', ') })
          : say('refusals.noAccess', { login, device });
      return { status: 403, detail };
    }
    default: {
      const reason = caller.kind === 'anonymous' ? caller.reason : say('refusals.nobodyMay');
      const detail = say('refusals.notIdentifiedSince', { reason: { said: reason } });
      return { status: 403, detail };
    }
  }
}

function refusalOf(error: unknown): Refusal | null {
  if (!isAppError(error)) return null;
  const { code, said: detail, retryAfterSeconds } = error;
  switch (code) {
    case 'forbidden':
      return { status: 403, detail };
    case 'unauthenticated':
      return { status: 401, detail, headers: { 'WWW-Authenticate': 'Bearer' } };
    case 'too_many':
      return { status: 429, detail, headers: { 'Retry-After': `${retryAfterSeconds}` } };
    case 'tailscale_unavailable':
      return {
        status: 503,
        detail: say('refusals.notIdentifiedNow', { reason: { said: detail } }),
      };
    default:
      return null;
  }
}

/** Removes headers that clients must not set, and passes the policy to Next, which puts the nonce on its scripts. */
function settleHeaders({ headers }: IncomingMessage, policy: string): void {
  for (const name of Object.keys(headers)) {
    if (NOT_OURS.test(name) && !ROUTER.includes(name)) delete headers[name];
  }
  delete headers['content-security-policy-report-only'];
  headers['content-security-policy'] = policy;
}

/**
 * Returns a policy that allows nothing from other origins and only the service's own scripts
 * (https://www.w3.org/TR/CSP3/). Style attributes are allowed because charts and bars need them; style elements need
 * the nonce.
 */
function contentSecurityPolicy(nonce: string, framedBy: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${framedBy}`,
  ].join('; ');
}
