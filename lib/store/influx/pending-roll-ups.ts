import type { Periods } from '../../rollup/periods';
import type { Database } from '../sqlite/driver';

/** A roll-up to be made; `changes` counts how often its hits have changed since it was last made. */
export type PendingRollUp = { start: number; changes: number };

/** The roll-ups that a collector still has to make, in its own database. */
export class PendingRollUps {
  constructor(private readonly db: Database) {
    db.exec(`
      CREATE TABLE IF NOT EXISTS to_sum (
        step INTEGER NOT NULL, start INTEGER NOT NULL, changes INTEGER NOT NULL, PRIMARY KEY (step, start)
      ) WITHOUT ROWID;
    `);
  }

  /** Records that a roll-up is to be made, or made again. */
  add(resolution: number, start: number): void {
    this.db
      .prepare(
        `INSERT INTO to_sum VALUES (?, ?, 1) ON CONFLICT (step, start) DO UPDATE SET changes = changes + 1`,
      )
      .run(resolution, start);
  }

  /** Returns those of a resolution whose period, as `periods` has it, ended before `before`, oldest first. */
  next(resolution: number, before: number, limit: number, periods: Periods): PendingRollUp[] {
    return this.db
      .prepare('SELECT * FROM to_sum WHERE step = ? AND start < ? ORDER BY start LIMIT ?')
      .all(resolution, before, limit)
      .map(({ start, changes }) => ({ start: Number(start), changes: Number(changes) }))
      .filter(({ start }) => periods.at(start, resolution).to <= before);
  }

  /** Forgets those of a resolution: periods are others now. */
  forget(resolution: number): void {
    this.db.prepare('DELETE FROM to_sum WHERE step = ?').run(resolution);
  }

  /** Records that one has been made in its pending state; one that has changed since stays. */
  completed(resolution: number, { start, changes }: PendingRollUp): void {
    this.db
      .prepare('DELETE FROM to_sum WHERE step = ? AND start = ? AND changes = ?')
      .run(resolution, start, changes);
  }
}
