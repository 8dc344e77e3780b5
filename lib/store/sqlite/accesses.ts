import type { AccessFilter, TimeRange, Usage, UsageTotals } from '../../domain/access';
import type { PathSpeed } from '../../domain/connection';
import type { Periods } from '../../rollup/periods';
import { QueryEngine } from '../../rollup/query-engine';
import { answer } from '../../rollup/question';
import type { AccessHistory, HitPage } from '../ports/accesses';
import type { Database } from './driver';
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
    const usage = answer(this.engine.usage(range, filter), this.source);
    return answer(this.engine.withLastAccesses(usage, range, filter), this.source);
  }

  async totals(range: TimeRange, filter: AccessFilter): Promise<UsageTotals> {
    return answer(this.engine.totals(range, filter), this.source);
  }

  async hits(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Promise<HitPage> {
    return answer(this.engine.hits(range, filter, limit, cursor), this.source);
  }

  async speedByPath(range: TimeRange): Promise<PathSpeed[]> {
    const spans = readPathSpans(this.db, null, range);
    return answer(this.engine.speedByPath(range, spans), this.source);
  }
}
