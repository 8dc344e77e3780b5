import type { StateStore } from '../ports/state';
import type { SqliteFile } from './file';

export class SqliteState implements StateStore {
  constructor(private readonly file: SqliteFile) {}

  async saveState(key: string, value: string): Promise<void> {
    this.file.write(() => {
      this.file.db.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)').run(key, value);
    });
  }

  async loadState(key: string): Promise<string | null> {
    const row = this.file.db.prepare('SELECT value FROM state WHERE key = ?').get(key);
    return row ? String(row.value) : null;
  }
}
