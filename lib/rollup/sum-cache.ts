import { LRUCache } from '../util/lru';
import type { Accumulator } from './accumulator';

/**
 * What the roll-ups of a question add up to. A page asks the same question every few seconds, and all that changes is the
 * hour under way: the rest is remembered until one of its roll-ups is written anew, which gives it another id.
 */
export class SumCache<S extends Accumulator<S>> {
  private readonly sums: LRUCache<string, S>;

  constructor(maxBytes: number) {
    this.sums = new LRUCache({ maxSize: maxBytes, sizeCalculation: (sum) => sum.byteLength + 1 });
  }

  /** Returns the sum of a question, to go on from; `addUp` makes it when it is not remembered. */
  copyOf(question: unknown, addUp: () => S): S {
    const key = JSON.stringify(question);
    const cached = this.sums.get(key);
    const sum = cached ?? addUp();
    if (!cached) this.sums.set(key, sum);
    return sum.copy();
  }
}
