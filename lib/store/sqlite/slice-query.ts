import type { WantedVisitors } from '../../rollup/slices';
import type { Database } from './driver';

type Statement = ReturnType<Database['prepare']>;

/**
 * Reads slices of a roll-up or of an hour's hits: all of them, or those that may have rows of some visitors. One statement
 * reads them all, since another thread may be dividing them anew.
 */
export class SliceQuery {
  /** By the number of runs that are looked for; null: all visitors. */
  private readonly statements = new Map<number | null, Statement>();

  /** `sql`: a query that ends with the conditions for `key` of `all`. */
  constructor(
    private readonly db: Database,
    private readonly sql: string,
  ) {}

  all(wanted: WantedVisitors, ...key: number[]): ReturnType<Statement['all']> {
    if (wanted?.length === 0) return [];
    const bounds = wanted?.flatMap(({ first, last }) => [last, first]) ?? [];
    return this.statement(wanted?.length ?? null).all(...key, ...bounds);
  }

  private statement(runs: number | null): Statement {
    const existing = this.statements.get(runs);
    if (existing) return existing;
    const statement = this.db.prepare(this.sql + conditionFor(runs));
    this.statements.set(runs, statement);
    return statement;
  }
}

/** Both columns are read from the index, so that only the rows that are wanted are. */
function conditionFor(runs: number | null): string {
  if (runs === null) return '';
  const any = Array.from({ length: runs }, () => 'first_visitor <= ? AND last_visitor >= ?');
  return ` AND (last_visitor IS NULL OR ${any.join(' OR ')})`;
}
