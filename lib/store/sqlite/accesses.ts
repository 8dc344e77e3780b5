import type { AccessFilter, TimeRange, Usage, UsageTotals } from '../../domain/access';
import type { PathSpeed } from '../../domain/connection';
import { Queries } from '../../rollup/query-engine';
import type { AccessHistory, HitPage } from '../ports/accesses';
import { hitCursor, parseHitCursor } from '../ports/cursor';
import type { Database } from './driver';
import { SqliteHits } from './hit-source';
import { readPathSpans } from './paths';

export class SqliteAccesses implements AccessHistory {
  private readonly engine: Queries;

  constructor(private readonly db: Database) {
    this.engine = new Queries(new SqliteHits(db));
  }

  async usage(range: TimeRange, filter: AccessFilter): Promise<Usage> {
    return this.engine.usage(range, filter);
  }

  async totals(range: TimeRange, filter: AccessFilter): Promise<UsageTotals> {
    return this.engine.totals(range, filter);
  }

  async hits(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Promise<HitPage> {
    const after = cursor === null ? null : parseHitCursor(cursor);
    const { hits, next } = this.engine.hits(range, filter, limit, after);
    return { hits, nextCursor: next && hitCursor(next) };
  }

  async speedByPath(range: TimeRange): Promise<PathSpeed[]> {
    return this.engine.speedByPath(range, readPathSpans(this.db, null, range));
  }
}
