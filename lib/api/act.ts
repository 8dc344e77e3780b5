import { z } from 'zod';
import { runtime } from '../runtime/current';
import type { Runtime } from '../runtime/runtime';
import { Forbidden } from './errors';
import { problemResponse } from './handle';
import { ParameterError } from './query';

const BODY_MAX = 16 * 1024;
const idParameter = z.object({ id: z.coerce.number().int().positive() });

/** A call that changes something: what it takes, and what it does. */
export type Action<B extends z.ZodType> = {
  /** The JSON body; leave it out when there is none. */
  body?: B;
  run: (runtime: Runtime, given: { body: z.output<B>; id: number }) => Promise<unknown>;
};

/**
 * Makes a route handler for an action. It is refused to pages of other sites: a browser says where a request comes from,
 * and a form of another site cannot send JSON. `id` is the `[id]` of the path, 0 without one.
 */
export function act<B extends z.ZodType>(action: Action<B>) {
  return async (
    request: Request,
    context: { params: Promise<Record<string, string> | undefined> },
  ): Promise<Response> => {
    try {
      assertSameOrigin(request);
      const params = await context.params;
      const id = params?.id === undefined ? 0 : idParameter.parse(params).id;
      const body = action.body
        ? action.body.parse(await readJson(request))
        : (undefined as z.output<B>);
      const answer = await action.run(runtime(), { body, id });
      if (answer === undefined) return new Response(null, { status: 204 });
      return Response.json(answer, { headers: { 'Cache-Control': 'no-store' } });
    } catch (error) {
      return problemResponse(error);
    }
  };
}

function assertSameOrigin({ headers }: Request): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const foreign = origin !== null && hostOf(origin) !== headers.get('host');
  if (foreign || (site !== null && site !== 'same-origin' && site !== 'none')) {
    throw new Forbidden('This can only be done from the dashboard itself');
  }
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : null);

async function readJson(request: Request): Promise<unknown> {
  if (!request.headers.get('content-type')?.startsWith('application/json')) {
    throw new ParameterError('body', 'must be JSON (Content-Type: application/json)');
  }
  const text = await request.text();
  if (text.length > BODY_MAX) throw new ParameterError('body', `must be at most ${BODY_MAX} bytes`);
  try {
    return JSON.parse(text);
  } catch {
    throw new ParameterError('body', 'is not valid JSON');
  }
}
