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

  /** Returns those of a resolution whose period ended before `before`, oldest first. */
  next(resolution: number, before: number, limit: number): PendingRollUp[] {
    return this.db
      .prepare('SELECT * FROM to_sum WHERE step = ?1 AND start + ?1 <= ?2 ORDER BY start LIMIT ?3')
      .all(resolution, before, limit)
      .map(({ start, changes }) => ({ start: Number(start), changes: Number(changes) }));
  }

  /** Records that one has been made in its pending state; one that has changed since stays. */
  completed(resolution: number, { start, changes }: PendingRollUp): void {
    this.db
      .prepare('DELETE FROM to_sum WHERE step = ? AND start = ? AND changes = ?')
      .run(resolution, start, changes);
  }
}
