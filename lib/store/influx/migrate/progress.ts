import type { Database } from '../../sqlite/driver';

/** Called with how many hours have been migrated, of how many. */
export type OnProgress = (done: number, of: number) => void;

/** How far a migration has come, in the database that it writes to: what is written and the note of it are one transaction. */
export class Progress {
  constructor(
    private readonly db: Database,
    /** The way in and the way out of one database have notes of their own. */
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
