import type { AccessFilter, TimeRange, Usage, UsageTotals } from '../../domain/access';
import type { PathSpeed } from '../../domain/connection';
import type { Periods } from '../../rollup/periods';
import { QueryEngine } from '../../rollup/query-engine';
import { answer, type Question } from '../../rollup/question';
import type { AccessHistory, HitPage } from '../ports/accesses';
import { type Database, snapshot } from './driver';
import { SqliteHits } from './hit-source';
import { readPathSpans } from './paths';

export class SqliteAccesses implements AccessHistory {
  private readonly source: SqliteHits;
  private readonly engine: QueryEngine;

  constructor(
    private readonly db: Database,
    periods: Periods,
  ) {
    this.source = new SqliteHits(db);
    this.engine = new QueryEngine(this.source, () => periods);
  }

  async usage(range: TimeRange, filter: AccessFilter): Promise<Usage> {
    return this.answer(this.wholeUsage(range, filter));
  }

  async totals(range: TimeRange, filter: AccessFilter): Promise<UsageTotals> {
    return this.answer(this.engine.totals(range, filter));
  }

  async hits(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Promise<HitPage> {
    return this.answer(this.engine.hits(range, filter, limit, cursor));
  }

  async speedByPath(range: TimeRange): Promise<PathSpeed[]> {
    const spans = readPathSpans(this.db, null, range);
    return this.answer(this.engine.speedByPath(range, spans));
  }

  private *wholeUsage(range: TimeRange, filter: AccessFilter): Question<Usage> {
    const usage = yield* this.engine.usage(range, filter);
    return yield* this.engine.withLastAccesses(usage, range, filter);
  }

  /**
   * Answers from one state of the database, although others write to it: what was found of a week holds for its hours. It
   * is faster, too: hundreds of statements take their locks once.
   */
  private answer<T>(question: Question<T>): T {
    return snapshot(this.db, () => answer(question, this.source));
  }
}
