import { LRUCache } from '../util/lru';

/** A page asks for a few of them. */
const MOST = 16;

/**
 * Returns a call that is answered anew only when its answer is older than `ms`: many pages ask for the same within
 * seconds. For answers that change no faster, and that are the same for every reader, in every language.
 */
export function kept<S extends object, Q extends readonly unknown[], R>(
  ms: number,
  answer: (services: S, ...query: Q) => Promise<R>,
): typeof answer {
  const answers = new WeakMap<S, LRUCache<string, Promise<R>>>();
  return (services, ...query) => {
    const known = answers.get(services) ?? new LRUCache({ max: MOST, ttl: ms, ttlAutopurge: true });
    answers.set(services, known);
    const asked = JSON.stringify(query);
    const before = known.get(asked);
    if (before) return before;
    const made = answer(services, ...query);
    known.set(asked, made);
    made.catch(() => known.delete(asked));
    return made;
  };
}
