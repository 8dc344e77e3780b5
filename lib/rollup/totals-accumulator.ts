import type { TimeRange, UsageTotals } from '../domain/access';
import { type Accumulator, grouped, plus } from './accumulator';
import type { Dictionaries } from './dictionaries';
import { COUNTED, type CompiledFilter } from './filter';
import { type HitBlock, isBot } from './hit-block';
import type { RollUpRows } from './roll-up';

/** Adds up how many hits by how many users, and no more. */
export class TotalsAccumulator implements Accumulator<TotalsAccumulator> {
  constructor(
    private readonly names: Dictionaries,
    private readonly filter: CompiledFilter,
    private readonly visitorHits = new Float64Array(names.user.length),
  ) {}

  get byteLength(): number {
    return this.visitorHits.byteLength;
  }

  addRows({ n, columns }: RollUpRows): void {
    const { filter, visitorHits } = this;
    const { visitor, endpoint, status, bot, hits } = columns;
    for (let i = 0; i < n; i++) {
      const v = visitor[i] ?? 0;
      if (filter.verdict(v, endpoint[i] ?? 0, status[i] ?? 0, bot[i] === 1) === COUNTED)
        plus(visitorHits, v, hits[i] ?? 0);
    }
  }

  addHits(block: HitBlock, hour: number, range: TimeRange): void {
    const { filter, visitorHits } = this;
    const { visitor, endpoint, status, time } = block.columns;
    for (let i = 0; i < block.n; i++) {
      const t = hour + (time[i] ?? 0);
      if (t < range.from || t >= range.to) continue;
      const v = visitor[i] ?? 0;
      if (filter.verdict(v, endpoint[i] ?? 0, status[i] ?? 0, isBot(block, i)) === COUNTED)
        plus(visitorHits, v, 1);
    }
  }

  copy(): TotalsAccumulator {
    return new TotalsAccumulator(this.names, this.filter, this.visitorHits.slice());
  }

  totals(): UsageTotals {
    const hits = this.visitorHits.reduce((a, b) => a + b, 0);
    const byUser = grouped(this.visitorHits, this.names.user, this.names.users.length);
    return { hits, users: byUser.filter((n) => n > 0).length };
  }
}
