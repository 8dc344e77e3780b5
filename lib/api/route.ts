import type * as z from 'zod';
import { AppError, isAppError } from '../domain/errors';
import { say } from '../domain/said';
import type { CollectorServices, RemoteService, Services } from '../services';
import { firstIssue } from '../util/first-issue';
import { type Answering, handle } from './handle';
import { collectorParameter, parseInput, parseQuery } from './query';

type Run<S, Q extends z.ZodType, R extends z.ZodType, P extends z.ZodType> = (
  services: S,
  query: z.output<Q>,
  path: z.output<P>,
) => Promise<z.input<R>>;

/** What a call answers where the data is collected; a replica asks a collector for it. */
type Live<Q extends z.ZodType, R extends z.ZodType, P extends z.ZodType> = {
  run: Run<CollectorServices, Q, R, P>;
  /** The collector that a replica asks; without it, replicas do not have the call. */
  of?: (remote: RemoteService, query: z.output<Q>) => string;
};

/** Made here, or by a collector and validated. */
type AnswerOf<R extends z.ZodType> = z.input<R> | z.output<R>;

/** One call of the API as defined: what it takes and returns, and how it is documented. */
export type Route<Q extends z.ZodType, R extends z.ZodType, P extends z.ZodType> = Omit<
  Answering<AnswerOf<R>>,
  'answer'
> & {
  summary: string;
  query: Q;
  /** The parts of the path in braces, if any. */
  path?: P;
  response: R;
} & (
    | { run: Run<Services, Q, R, P>; live?: undefined }
    /** `run`: what a replica answers when the collector does not. */
    | { run?: Run<Services, Q, R, P>; live: Live<Q, R, P> }
  );

/** Creates a call that can be limited to the view of one collector. */
export function route<S extends z.ZodRawShape, R extends z.ZodType, P extends z.ZodType>(
  made: Route<z.ZodObject<S, z.core.$strict>, R, P>,
) {
  const query = made.query.extend({ collector: collectorParameter });
  const answer: Answering<AnswerOf<R>>['answer'] = async (services, url, params, withinMs) => {
    const { collector, ...own } = parseQuery(query, url.searchParams) as { collector?: string };
    const asked = own as z.output<typeof made.query>;
    const path = (made.path && parseInput(made.path, params)) as z.output<P>;
    const seen = services.forCollector(collector);
    const { run, live } = made;
    if (live === undefined) return run(seen, asked, path);
    if (seen.own) return live.run(seen, asked, path);
    const name = live.of?.(seen.remote, asked);
    if (name === undefined) {
      throw new AppError('not_found', say('problems.replica'));
    }
    try {
      const request = { method: 'GET' as const, path: url.pathname + url.search };
      const given = await seen.remote.send(name, { ...request, onBehalfOf: null, withinMs });
      return understood(made.response, given, name);
    } catch (error) {
      const unreachable = isAppError(error) && error.code === 'collector_unavailable';
      if (unreachable && run) return run(seen, asked, path);
      throw error;
    }
  };
  const answering = { ...made, query, answer };
  return { ...answering, serve: handle(answering) };
}

/** Parses a collector's answer with the schema: additions of a newer version are dropped. Throws `AppError`. */
export function understood<R extends z.ZodType>(
  response: R,
  answer: unknown,
  name: string,
): z.output<R> {
  const parsed = response.safeParse(answer);
  if (parsed.success) return parsed.data;
  const what = firstIssue(parsed.error);
  throw new AppError('collector_unavailable', say('problems.notUnderstood', { name, what }));
}
