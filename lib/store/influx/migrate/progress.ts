import type { Database } from '../../sqlite/driver';

/** Called with the number of hours migrated, and their total. */
export type OnProgress = (done: number, of: number) => void;

/**
 * Records how far a migration has come, in the database that it writes to: the data and the progress are one
 * transaction.
 */
export class Progress {
  constructor(
    private readonly db: Database,
    /** Migrations into and out of one database record their progress separately. */
    private readonly prefix: 'migrated_' | 'out_',
  ) {}

  get(key: string): string | null {
    const row = this.db.prepare('SELECT value FROM state WHERE key = ?').get(this.prefix + key);
    return row ? String(row.value) : null;
  }

  number(key: string, otherwise: number): number {
    return Number(this.get(key) ?? otherwise);
  }

  note(key: string, value: string | number): void {
    this.db
      .prepare('INSERT OR REPLACE INTO state VALUES (?, ?)')
      .run(this.prefix + key, String(value));
  }
}
