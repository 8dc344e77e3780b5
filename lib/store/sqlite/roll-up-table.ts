import { hitsIn, type PackedRollUp, type RollUp, unpackRollUp } from '../../rollup/roll-up';
import type { RollUpBuilder } from '../../rollup/roll-up-builder';
import type { Database } from './driver';

/** The roll-ups of a database, each in slices by visitor: one row for each. */
export class RollUpTable {
  private readonly readAll;
  private readonly add;
  private readonly remove;

  /** `schema`: that of an attached database. */
  constructor(db: Database, schema: 'main' | 'old' = 'main') {
    const prepare = (sql: string) => db.prepare(sql.replace('rollups', `${schema}.rollups`));
    this.readAll = prepare(
      'SELECT cells AS rows, details FROM rollups WHERE step = ? AND start = ?',
    );
    this.remove = prepare('DELETE FROM rollups WHERE step = ? AND start = ?');
    this.add = prepare(
      'INSERT INTO rollups (step, start, cells, details, first_visitor, last_visitor) VALUES (?, ?, ?, ?, ?, ?)',
    );
  }

  /** Returns the slices of a roll-up; none when there is no such roll-up. */
  read(resolution: number, start: number): RollUp[] {
    return this.packed(resolution, start).map(unpackRollUp);
  }

  /** Returns how many hits a roll-up has counted; undefined when there is none. */
  hits(resolution: number, start: number): number | undefined {
    const slices = this.packed(resolution, start);
    if (slices.length === 0) return undefined;
    return slices.reduce((sum, slice) => sum + hitsIn(slice), 0);
  }

  /** Writes a roll-up in place of the one there is; use inside a transaction. */
  write(resolution: number, start: number, sum: RollUpBuilder): void {
    this.remove.run(resolution, start);
    for (const { rows, details, first, last } of sum.slices()) {
      this.add.run(resolution, start, rows, details, first, last);
    }
  }

  delete(resolution: number, start: number): void {
    this.remove.run(resolution, start);
  }

  private packed(resolution: number, start: number): PackedRollUp[] {
    return this.readAll.all(resolution, start) as PackedRollUp[];
  }
}
