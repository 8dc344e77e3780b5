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

  has(question: string): boolean {
    return this.sums.has(question);
  }

  /** Returns the sum of a question, to go on from; `null` when it is not remembered. */
  copyOf(question: string): S | null {
    return this.sums.get(question)?.copy() ?? null;
  }

  keep(question: string, sum: S): void {
    this.sums.set(question, sum);
  }
}
