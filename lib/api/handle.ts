import type { Role } from '../domain/caller';
import { AppError } from '../domain/errors';
import { say } from '../domain/said';
import { currentCaller, requireRole } from '../identity/current';
import { currentServices, type Services } from '../services';
import { problemResponse } from './errors';

/** How a call is answered over HTTP, whatever its parameters. */
export type Answering<A> = {
  /**
   * Parses the parameters and runs the call. `path`: the parts of the path in braces. `withinMs`: how long a replica
   * waits for a collector; by default as long as the collector is present.
   */
  answer: (services: Services, url: URL, path: unknown, withinMs?: number) => Promise<A>;
  /** The role it needs; viewer by default. */
  needs?: Role;
  /** The same answer as CSV, for clients that accept it (`Accept: text/csv`). */
  csv?: (answer: A) => string;
  /** The part of the answer that callers without access receive; without this function they receive none. */
  toStrangers?: (answer: A) => unknown;
  /** The status of an answer; 200 by default. */
  status?: (answer: A) => number;
};

/** Answers a request for an unknown path. */
export function noSuchCall(request: Request): Response {
  const { pathname } = new URL(request.url);
  return problemResponse(new AppError('not_found', say('problems.noCall', { path: pathname })));
}

/** Creates a route handler: parses, runs, answers in JSON; every error becomes an RFC 9457 problem. */
export function handle<A>(route: Answering<A>, servicesOf = currentServices) {
  return async (request: Request, context: { params: Promise<unknown> }): Promise<Response> => {
    try {
      const { toStrangers } = route;
      const stranger = toStrangers && currentCaller().role === null;
      if (!stranger) requireRole(route.needs ?? 'viewer');
      const url = new URL(request.url);
      const answer = await route.answer(servicesOf(), url, await context.params);
      const status = route.status?.(answer) ?? 200;
      const shown = stranger ? toStrangers(answer) : answer;
      const { csv } = route;
      if (csv && request.headers.get('accept')?.includes('text/csv')) {
        const headers = { 'Content-Type': 'text/csv; charset=utf-8', Vary: 'Accept' };
        return new Response(csv(answer), { headers: { ...headers, 'Cache-Control': 'no-store' } });
      }
      const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
      return new Response(written(shown), { status, headers });
    } catch (error) {
      return problemResponse(error);
    }
  };
}

const texts = new WeakMap<object, Uint8Array>();

/**
 * Serializes an answer. The same object is neither serialized nor copied again: a tailnet of thousands is two
 * megabytes, and each copy brings the next garbage collection nearer.
 */
function written(answer: unknown): ReadableStream<Uint8Array> {
  const cached = answer instanceof Object ? texts.get(answer) : undefined;
  const text = cached ?? Buffer.from(JSON.stringify(answer));
  if (answer instanceof Object) texts.set(answer, text);
  return new ReadableStream({
    start(controller) {
      controller.enqueue(text);
      controller.close();
    },
  });
}
