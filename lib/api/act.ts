import { z } from 'zod';
import { callerName } from '../domain/caller';
import { requireRole } from '../identity/current';
import { currentRequest } from '../log/context';
import { logger } from '../log/log';
import { currentServices, type Services } from '../services';
import { problemResponse } from './errors';
import { parseInput } from './query';
import { readJson } from './read-json';

const log = logger('audit');
/** The `{id}` of an action's path. */
export const idParameter = z.object({ id: z.coerce.number().int().positive() });

type Given<B extends z.ZodType> = { body: z.output<B>; id: number };

/** A call that changes something: what it takes, what it does, how it is described, and what the audit says of it. */
export type Action<B extends z.ZodType = z.ZodUndefined> = {
  method: 'POST' | 'DELETE';
  path: string;
  summary: string;
  /** The JSON body; leave it out when there is none. */
  body?: B;
  /** What it answers; leave it out when that is nothing. */
  response?: z.ZodType;
  /** One word for what is done. */
  name: string;
  /** What it is done to, in words. */
  target: (given: Given<B>) => string;
  /** `by`: who does it, as the audit names them. */
  run: (services: Services, given: Given<B> & { by: string }) => Promise<unknown>;
};

/**
 * Makes a route handler for an action; only an admin may. Whoever did it is noted, in the log and in the audit. `id` is the
 * `[id]` of the path, 0 without one. Requests of other sites' pages do not come this far (`lib/identity/gate.ts`).
 */
export function act<B extends z.ZodType>(action: Action<B>) {
  return async (
    request: Request,
    context: { params: Promise<Record<string, string> | undefined> },
  ): Promise<Response> => {
    try {
      const by = callerName(requireRole('admin').caller) ?? 'nobody';
      const params = await context.params;
      const id = params?.id === undefined ? 0 : parseInput(idParameter, params).id;
      const body = action.body
        ? parseInput(action.body, await readJson(request))
        : (undefined as z.output<B>);
      const given = { body, id, by };
      const answer = await action.run(currentServices(), given);
      await note(currentServices(), by, action.name, action.target(given));
      if (answer === undefined) return new Response(null, { status: 204 });
      return Response.json(answer, { headers: { 'Cache-Control': 'no-store' } });
    } catch (error) {
      return problemResponse(error);
    }
  };
}

/** It is done: that it cannot be written down must not look as if it were not. */
async function note({ audit }: Services, actor: string, action: string, target: string) {
  log.info(`${actor}: ${action} ${target}`, { action, target });
  const requestId = currentRequest()?.requestId ?? '';
  try {
    await audit.addAudit({ time: Date.now(), actor, action, target, requestId });
  } catch (error) {
    log.error('the audit could not be written', { error });
  }
}
