import type { TimeRange, UsageTotals } from '../domain/access';
import { type Accumulator, plus } from './accumulator';
import type { Dictionaries } from './dictionaries';
import { distinctVisitors } from './distinct-visitors';
import type { CompiledFilter } from './filter';
import type { HitBlock } from './hit-block';
import type { RollUpRows } from './roll-up';
import type { WantedVisitors } from './slices';

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

  get visitors(): WantedVisitors {
    return this.filter.visitors;
  }

  addRows(rows: RollUpRows): void {
    const { visitorHits } = this;
    const { visitor, hits } = rows.columns;
    const { ends, length } = this.filter.selectRows(rows);
    for (let run = 0; run < length; run += 2) {
      const end = ends[run + 1] ?? 0;
      for (let i = ends[run] ?? 0; i < end; i++) plus(visitorHits, visitor[i] ?? 0, hits[i] ?? 0);
    }
  }

  addHits(block: HitBlock, hour: number, range: TimeRange): void {
    const { visitorHits } = this;
    const { visitor } = block.columns;
    const { ends, length } = this.filter.selectHits(block, hour, range);
    for (let run = 0; run < length; run += 2) {
      const end = ends[run + 1] ?? 0;
      for (let i = ends[run] ?? 0; i < end; i++) plus(visitorHits, visitor[i] ?? 0, 1);
    }
  }

  copy(): TotalsAccumulator {
    return new TotalsAccumulator(this.names, this.filter, this.visitorHits.slice());
  }

  totals(): UsageTotals {
    const hits = this.visitorHits.reduce((a, b) => a + b, 0);
    return { hits, ...distinctVisitors(this.visitorHits, this.names) };
  }
}
