import type { HitReader, RollUpRef } from './hit-source';

/** What a question reads next. */
export type Needs = {
  rollUps: readonly RollUpRef[];
  /** Starts of the hours whose hits are read. */
  hours: readonly number[];
};

/**
 * A question under way: says what it needs, is handed a reader that has it, and goes on, until it returns the answer.
 * From a reader it reads nothing but what that one was asked for, until the question ends.
 */
export type Question<T> = Generator<Needs, T, HitReader>;

/** Answers a question from a database at hand: `reader` has everything, and reads it when it is asked for. */
export function answer<T>(question: Question<T>, reader: HitReader): T {
  let step = question.next(reader);
  while (!step.done) step = question.next(reader);
  return step.value;
}

/**
 * Answers a question from a database far away: `load` fetches what is needed next and resolves with a reader of it,
 * which need not have anything else. Rejects as `load` does.
 */
export async function answerAsync<T>(
  question: Question<T>,
  load: (needs: Needs) => Promise<HitReader>,
): Promise<T> {
  let step = question.next();
  while (!step.done) step = question.next(await load(step.value));
  return step.value;
}
