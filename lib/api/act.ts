import * as z from 'zod';
import { callerName, mayIngest, personOf } from '../domain/caller';
import { type IdReference, parseId, type ShownId } from '../domain/collector-id';
import { Forbidden, InvalidInput, NotFound } from '../domain/errors';
import { type Said, say } from '../domain/said';
import { currentCaller, requireRole } from '../identity/current';
import {
  type CollectorServices,
  currentServices,
  type ReplicaServices,
  type Services,
} from '../services';
import { problemResponse } from './errors';
import { type Forwarding, forward, type Given, ownedId } from './forward';
import { noteAction } from './note-action';
import { parseInput } from './query';
import { readJson } from './read-json';

/** The `{id}` of an action's path. */
export const idParameter = z.object({
  id: z.string().describe('`12`, or `collector/12` where several collectors are shown'),
});

/** A call that changes something: what it takes and does, and how it is documented and audited. */
export type Action<B extends z.ZodType = z.ZodType, R = unknown> = {
  method: 'POST' | 'DELETE';
  path: string;
  summary: string;
  /** The role it needs; admin by default. */
  needs?: 'ingest';
  /** The JSON body; omitted when there is none. */
  body?: B;
  /** What it answers. */
  response: z.ZodType<R>;
  /** The status of an answer; 200 by default. */
  status?: (answer: R) => number;
  /** What its statuses mean, besides those that every action has. */
  statuses?: Record<number, string>;
  /** One word for what is done. */
  name: string;
  /** Says what it is done to, for the audit, just before it is done; `null`: it is not audited. */
  target:
    | ((given: { body: z.output<B>; id: ShownId }, services: Services) => Said | Promise<Said>)
    | null;
  /** Carries it out, in the process that collects. `by`: the person who does it. */
  run: (
    services: CollectorServices,
    given: { body: z.output<B>; id: number; by: string },
  ) => Promise<R>;
  /** Which collectors a replica sends it to. */
  on: Forwarding<B, R>;
};

/** The response of an action that answers with its status only. */
export const nothing = z.void();

/** Creates an action: infers what it takes and answers, and adds what serves it. */
export const action = <B extends z.ZodType, R>(made: Action<B, R>) => ({
  ...made,
  serve: act(made),
});

/**
 * Creates a route handler for an action. The caller is recorded in the log and the audit; on a replica both here and
 * where it is carried out. Requests from other sites' pages do not get this far (`lib/identity/gate.ts`).
 */
export function act<B extends z.ZodType, R>(action: Action<B, R>, servicesOf = currentServices) {
  return async (
    request: Request,
    context: { params: Promise<Record<string, string> | undefined> },
  ): Promise<Response> => {
    try {
      requireFor(action);
      const { caller } = currentCaller();
      const id = action.path.includes('{id}') ? idIn(await context.params) : null;
      const json = action.body ? await readJson(request) : undefined;
      const given: Given<B> = {
        id,
        json,
        body: (action.body ? parseInput(action.body, json) : undefined) as z.output<B>,
        actor: callerName(caller) ?? 'nobody',
        by: personOf(caller) ?? 'nobody',
      };
      const services = servicesOf();
      const answer = services.own
        ? await here(action, services, given)
        : await there(action, services, given);
      if (answer === undefined) return new Response(null, { status: 204 });
      const status = action.status?.(answer) ?? 200;
      return Response.json(answer, { status, headers: { 'Cache-Control': 'no-store' } });
    } catch (error) {
      return problemResponse(error);
    }
  };
}

function requireFor({ needs }: Pick<Action, 'needs'>): void {
  if (needs === undefined) requireRole('admin');
  else if (!mayIngest(currentCaller().caller)) {
    throw new Forbidden(say('problems.noIngest'));
  }
}

/** Parses the id of a path: `12`, or `main/12` in two parts. Throws `InvalidInput`. */
function idIn(params: Record<string, string> | undefined): IdReference {
  const { id = '', number } = params ?? {};
  const reference = parseId(number === undefined ? id : `${id}/${number}`);
  if (reference) return reference;
  throw new InvalidInput({ parameter: 'id', message: say('faults.id') });
}

async function here<B extends z.ZodType, R>(
  action: Action<B, R>,
  services: CollectorServices,
  { id: asked, body, by, actor }: Given<B>,
): Promise<R> {
  const { name } = services.own.collector;
  if (asked && asked.collector !== null && asked.collector !== name) {
    throw new NotFound(say('problems.otherCollector', { name, other: asked.collector }));
  }
  const id = asked?.id ?? 0;
  const target = await action.target?.({ body, id }, services);
  const answer = await action.run(services, { body, id, by });
  if (target !== undefined) await noteAction(services, actor, action.name, target);
  return answer;
}

async function there<B extends z.ZodType, R>(
  action: Action<B, R>,
  services: ReplicaServices,
  given: Given<B>,
): Promise<R> {
  const id = ownedId(action.on, services.remote, given.id);
  const target = await action.target?.({ body: given.body, id }, services);
  const { answer, remark, fault } = await forward(action, services.remote, given);
  if (target !== undefined) {
    const noted = remark ? say('auditTexts.remark', { target: { said: target }, remark }) : target;
    await noteAction(services, given.actor, action.name, noted);
  }
  if (fault) throw fault;
  return answer;
}
