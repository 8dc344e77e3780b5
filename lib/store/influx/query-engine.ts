import type { AccessFilter, TimeRange, Usage, UsageTotals } from '../../domain/access';
import type { PathSpan, PathSpeed } from '../../domain/connection';
import { QueryEngine } from '../../rollup/query-engine';
import { answerAsync, type Question } from '../../rollup/question';
import type { HitPage } from '../ports/accesses';
import type { InfluxHitSource } from './hit-source';

/**
 * Answers queries about hits from InfluxDB: loads the roll-ups and hours they need and adds them up with the same code,
 * and so to the same numbers, as the SQLite store. Every answer throws `StoreUnavailable`.
 */
export class InfluxQueryEngine {
  private readonly engine: QueryEngine;

  constructor(private readonly source: InfluxHitSource) {
    this.engine = new QueryEngine(source, source.periods);
  }

  async usage(range: TimeRange, filter: AccessFilter): Promise<Usage> {
    const usage = await this.answer(range, () => this.engine.usage(range, filter));
    return this.answer(range, () => this.engine.withLastAccesses(usage, range, filter));
  }

  totals(range: TimeRange, filter: AccessFilter): Promise<UsageTotals> {
    return this.answer(range, () => this.engine.totals(range, filter));
  }

  /** Throws `BadCursor`. */
  hits(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Promise<HitPage> {
    return this.answer(range, () => this.engine.hits(range, filter, limit, cursor));
  }

  /** `spans`: the paths of all devices in the range. */
  speedByPath(range: TimeRange, spans: readonly PathSpan[]): Promise<PathSpeed[]> {
    return this.answer(range, () => this.engine.speedByPath(range, spans));
  }

  private async answer<T>(range: TimeRange, ask: () => Question<T>): Promise<T> {
    await this.source.catalog.refresh(range);
    return answerAsync(ask(), (needs) => this.source.load(needs));
  }
}
