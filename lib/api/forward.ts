import type * as z from 'zod';
import { type IdReference, type ShownId, shownId } from '../domain/collector-id';
import { AppError, saidOf } from '../domain/errors';
import { type SaidValue, say } from '../domain/said';
import type { RemoteService } from '../services';
import type { Action } from './act';
import { understood } from './route';

type Answered<R> = { collector: string; answer: R };

/** Which collectors a replica sends an action to, and what it answers then. */
export type Forwarding<B extends z.ZodType, R> =
  /** The collector whose alert or mute the id is. `shown`: the answer with the id as a replica shows it. */
  | { owner: 'alert' | 'mute'; shown: (answer: R, id: ShownId) => R }
  /** Every collector that is present; their answers are merged. */
  | { every: (answers: readonly [Answered<R>, ...Answered<R>[]]) => R }
  /** The collector that this function names. */
  | { one: (remote: RemoteService, body: z.output<B>) => string };

/** The request to carry out. */
export type Given<B extends z.ZodType> = {
  id: IdReference | null;
  /** The body as received, and as parsed for the action. */
  json: unknown;
  body: z.output<B>;
  /** The caller as the audit names them, and the person only. */
  actor: string;
  by: string;
};

export type Forwarded<R> = {
  answer: R;
  /** Where it was not done; the audit adds it to the target. */
  remark: SaidValue | null;
  /** It was done, but not everywhere. */
  fault: AppError | null;
};

/** Returns an action's id as a replica shows it; 0 when it has none. Throws `AppError` when nothing has it. */
export function ownedId<B extends z.ZodType, R>(
  on: Forwarding<B, R>,
  remote: RemoteService,
  given: IdReference | null,
): ShownId {
  if (!('owner' in on) || given === null) return 0;
  const { collector, id } = remote.ownerOf(on.owner, given);
  return shownId(collector, id);
}

/** Sends an action to the collectors concerned. Throws `AppError` when none carried it out. */
export async function forward<B extends z.ZodType, R>(
  action: Action<B, R>,
  remote: RemoteService,
  given: Given<B>,
): Promise<Forwarded<R>> {
  const send = async (collector: string, id = 0): Promise<R> => {
    const { method, path, response } = action;
    const request = { method, path: path.replace('{id}', String(id)), body: given.json };
    const answer = await remote.send(collector, { ...request, onBehalfOf: given.by });
    return understood(response, answer, collector);
  };
  const { on } = action;
  if ('every' in on) return everywhere(on.every, remote, send);
  if ('one' in on) {
    const answer = await send(on.one(remote, given.body));
    return { answer, remark: null, fault: null };
  }
  if (given.id === null) throw new Error(`${action.path} has no {id} to find its owner by`);
  const { collector, id } = remote.ownerOf(on.owner, given.id);
  const shown = shownId(collector, id);
  return { answer: on.shown(await send(collector, id), shown), remark: null, fault: null };
}

async function everywhere<R>(
  merge: (answers: readonly [Answered<R>, ...Answered<R>[]]) => R,
  remote: RemoteService,
  send: (collector: string) => Promise<R>,
): Promise<Forwarded<R>> {
  const { there, away } = remote.present();
  const failed: { collector: string; error: unknown }[] = [];
  // With all of them away, asking one returns its reason.
  const asked = there.length > 0 ? there : [remote.standIn()];
  const answers = await Promise.all(
    asked.map(async (collector) => {
      try {
        return { collector, answer: await send(collector) };
      } catch (error) {
        failed.push({ collector, error });
        return null;
      }
    }),
  );
  const [first, ...others] = answers.filter((one) => one !== null);
  if (!first) throw failed[0]?.error;
  const done = [first, ...others] as const;
  const absent = [
    ...failed.map(({ collector }) => say('auditTexts.notOn', { collector })),
    ...away.map((collector) => say('auditTexts.notOnAway', { collector })),
  ];
  const list = absent.map((said) => ({ said }));
  const remark = list.length > 0 ? { list, by: '; ' } : null;
  const fault = failed.length > 0 ? partly(done, failed) : null;
  return { answer: merge(done), remark, fault };
}

function partly(
  done: readonly { collector: string }[],
  failed: readonly { collector: string; error: unknown }[],
): AppError {
  const where = done.map(({ collector }) => collector).join(', ');
  const reasons = failed.map(({ collector, error }) => {
    return { said: say('problems.notOn', { collector, reason: { said: saidOf(error) } }) };
  });
  const said = say('problems.partly', { where, reasons: { list: reasons, by: '; ' } });
  return new AppError('collector_unavailable', said);
}
