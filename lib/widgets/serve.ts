import { createHash } from 'node:crypto';
import * as z from 'zod';
import { problemResponse } from '../api/errors';
import { noSuchCall } from '../api/handle';
import { parseQuery, wholeParameter } from '../api/query';
import { routes } from '../api/routes';
import { keyExpiries } from '../api/widgets';
import { badgeAt } from '../domain/badge';
import { isAppError } from '../domain/errors';
import { zoneNamed } from '../domain/time-zone';
import { t } from '../i18n/t';
import { currentCaller, requireRole } from '../identity/current';
import { logger } from '../log/log';
import { currentServices } from '../services';
import { badgeOf } from './badge';
import { badgeSvg } from './badge-svg';
import { calendarOf } from './calendar';
import { type Look, sharedPage, sharedRefusal } from './shared-page';

const log = logger('api');

const badgeQuery = z.strictObject({ days: wholeParameter(1, 365).default(30) });
const noQuery = z.strictObject({});
const FRESH_SECONDS = 60;

/** Serves `/badge/….svg`: to viewers, and to everyone where `PUBLIC_BADGES` names it (the gate knows). */
export async function serveBadge(request: Request): Promise<Response> {
  try {
    const { isPublic } = currentCaller();
    if (!isPublic) requireRole('viewer');
    const url = new URL(request.url);
    const name = badgeAt(url.pathname);
    if (!name) return noSuchCall(request);
    const { days } = parseQuery(badgeQuery, url.searchParams);
    const svg = badgeSvg(await badgeOf(name, days, currentServices()));
    const tag = `"${createHash('sha256').update(svg).digest('base64url').slice(0, 22)}"`;
    const headers = {
      'Cache-Control': `${isPublic ? 'public' : 'private'}, max-age=${FRESH_SECONDS}`,
      // The language is the reader's.
      Vary: 'Accept-Language, Cookie',
      ETag: tag,
    };
    if (request.headers.get('if-none-match') === tag) {
      return new Response(null, { status: 304, headers });
    }
    return new Response(svg, {
      headers: { ...headers, 'Content-Type': 'image/svg+xml; charset=utf-8' },
    });
  } catch (error) {
    return problemResponse(error);
  }
}

/** Serves the expiries of our own devices' keys as a calendar. */
export async function serveKeyExpiries(request: Request): Promise<Response> {
  try {
    requireRole('viewer');
    parseQuery(noQuery, new URL(request.url).searchParams);
    const services = currentServices();
    const expiries = keyExpiries(services).map(({ id, name, keyExpiry }) => ({
      ...{ id, name, expiresAt: keyExpiry },
    }));
    const zone = zoneNamed(services.instance.timeZone);
    return new Response(calendarOf(expiries, Date.now(), zone), {
      headers: {
        'Content-Type': 'text/calendar; charset=utf-8',
        'Content-Disposition': 'inline; filename="key-expiries.ics"',
        'Cache-Control': 'no-store',
      },
    });
  } catch (error) {
    return problemResponse(error);
  }
}

/** Serves the page of a signed link to everyone who has it: the link alone decides. */
export async function serveSharedView(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const look = lookOf(request, url);
  const services = currentServices();
  try {
    const link = url.pathname.split('/').at(-1) ?? '';
    const asked = new URL(`/widgets/view?${new URLSearchParams({ link })}`, url);
    const view = routes['/widgets/view'].response.parse(
      await routes['/widgets/view'].answer(services, asked, undefined),
    );
    return html(sharedPage(view, zoneNamed(services.instance.timeZone), look), 200);
  } catch (error) {
    const isNone = isAppError(error) && (error.code === 'not_found' || error.code === 'invalid');
    if (!isNone) log.error('a shared view could not be shown', { error });
    const detail = isNone && error.code === 'not_found' ? error.words : t('widgets.invalid');
    return html(sharedRefusal(isNone ? detail : t('widgets.later'), look), isNone ? 404 : 503);
  }
}

/** The gate has put the nonce of the answer into the request. */
function lookOf(request: Request, url: URL): Look {
  const policy = request.headers.get('content-security-policy') ?? '';
  const theme = url.searchParams.get('theme');
  return {
    nonce: /'nonce-([\w+/=]+)'/.exec(policy)?.[1] ?? '',
    theme: theme === 'dark' || theme === 'light' ? theme : null,
  };
}

const html = (body: string, status: number) =>
  new Response(body, {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
  });
