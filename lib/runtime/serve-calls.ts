import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { actions } from '../api/actions';
import { routes } from '../api/routes';
import { logger } from '../log/log';
import { takesGzip } from './takes-gzip';

const log = logger('api');

type Parts = Record<string, string>;
type Answer = (request: Request, context: { params: Promise<Parts> }) => Promise<Response>;

/** A path of the API, and what answers each method that it has. */
type Call = { path: RegExp; byMethod: Record<string, Answer> };

/** Packing a shorter answer spares no packet. */
const PACKED_FROM_BYTES = 1_024;
/** Up to this length packing takes less time here (0.3 ms) than handing it to another thread. */
const PACKED_HERE_BYTES = 65_536;
const packedElsewhere = promisify(gzip);
const packedAnswers = new WeakMap<Uint8Array, Buffer>();

const calls = everyCall();

/**
 * Answers a request for one of the JSON calls, which need nothing of Next: passing through it would take three times as
 * long. Returns whether it is one; all others are Next's.
 */
export function serveCall(request: IncomingMessage, response: ServerResponse): boolean {
  const { method = '', url = '' } = request;
  const [pathname = ''] = url.split('?');
  for (const { path, byMethod } of calls) {
    const match = path.exec(pathname);
    const answer = match && byMethod[method];
    if (!answer) continue;
    respond(
      answer(webRequest(request), { params: Promise.resolve(decoded(match.groups ?? {})) }),
      request,
      response,
    ).catch((error) => {
      log.error('a call could not be answered', { error });
      response.destroy();
    });
    return true;
  }
  return false;
}

function everyCall(): Call[] {
  const byPath = new Map<string, Call['byMethod']>();
  const add = (path: string, method: string, answer: Answer) =>
    byPath.set(path, { ...byPath.get(path), [method]: answer });
  for (const [path, { serve }] of Object.entries(routes)) {
    add(path, 'GET', serve);
    add(path, 'HEAD', serve);
  }
  for (const { path, method, serve } of Object.values(actions)) {
    add(path, method, serve);
  }
  return [...byPath].map(([path, byMethod]) => ({ path: patternOf(path), byMethod }));
}

/** `{id}` may be `12` or `collector/12`; all others are one part of a path. */
function patternOf(path: string): RegExp {
  const pattern = path
    .replaceAll('.', '\\.')
    .replace('{id}', '(?<id>[^/]+)(?:/(?<number>[^/]+))?')
    .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${pattern}$`);
}

async function respond(
  answering: Promise<Response>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await answering;
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body ?? []) chunks.push(chunk);
  const [whole] = chunks;
  const body = whole && chunks.length === 1 ? whole : Buffer.concat(chunks);
  const isPacked = body.length >= PACKED_FROM_BYTES && takesGzip(request);
  const sent = isPacked ? await packed(body) : body;
  response.setHeaders(answer.headers);
  response.appendHeader('Vary', 'Accept-Encoding');
  if (isPacked) response.setHeader('Content-Encoding', 'gzip');
  if (answer.body) response.setHeader('Content-Length', sent.length);
  response.writeHead(answer.status).end(sent);
}

/** Packs an answer. The same bytes, those of a tailnet that has not changed, are not packed again. */
async function packed(body: Uint8Array): Promise<Buffer> {
  const before = packedAnswers.get(body);
  if (before) return before;
  const bytes = body.length > PACKED_HERE_BYTES ? await packedElsewhere(body) : gzipSync(body);
  packedAnswers.set(body, bytes);
  return bytes;
}

/** Decodes the parts of a path, which the gate has checked to be possible. */
function decoded(parts: Partial<Parts>): Parts {
  const given = Object.entries(parts).filter(
    (part): part is [string, string] => part[1] !== undefined,
  );
  return Object.fromEntries(given.map(([name, part]) => [name, decodeURIComponent(part)]));
}

function webRequest(request: IncomingMessage): Request {
  const { method = '', url = '', headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  // The same stream, of which DOM and Node have a type each.
  const stream = () => Readable.toWeb(request) as ReadableStream<Uint8Array>;
  const body = hasBody ? { body: stream(), duplex: 'half' as const } : {};
  const { accept = '', 'content-type': type = '' } = headers;
  return new Request(new URL(url, 'http://localhost'), {
    ...{ method, ...body },
    headers: { accept, 'content-type': type },
  });
}
