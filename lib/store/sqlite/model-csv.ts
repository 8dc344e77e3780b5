import * as z from 'zod';
import type { ModelEntry } from '../../domain/model';
import type { CsvFileState, ModelCsvStore } from '../ports/model-csv';
import type { SqliteFile } from './file';
import { toEntry } from './model-entry';

const stateSchema = z.object({ bytes: z.number(), modifiedMs: z.number() });
const CSV_FILE = 'model_csv';

export class SqliteModelCsv implements ModelCsvStore {
  constructor(private readonly file: SqliteFile) {}

  async notInCsv(limit: number): Promise<ModelEntry[]> {
    return this.file.db
      .prepare('SELECT * FROM model_entries WHERE in_csv = 0 ORDER BY id LIMIT ?')
      .all(limit)
      .map(toEntry);
  }

  async entriesAfter(after: number, limit: number): Promise<ModelEntry[]> {
    return this.file.db
      .prepare('SELECT * FROM model_entries WHERE id > ? ORDER BY id LIMIT ?')
      .all(after, limit)
      .map(toEntry);
  }

  async csvFileState(): Promise<CsvFileState | null> {
    const row = this.file.db.prepare('SELECT value FROM state WHERE key = ?').get(CSV_FILE);
    return row ? stateSchema.parse(JSON.parse(String(row.value))) : null;
  }

  async noteInCsv(ids: readonly number[], state: CsvFileState): Promise<void> {
    this.file.write(() => {
      const note = this.file.db.prepare('UPDATE model_entries SET in_csv = 1 WHERE id = ?');
      for (const id of ids) note.run(id);
      this.file.db
        .prepare('INSERT OR REPLACE INTO state VALUES (?, ?)')
        .run(CSV_FILE, JSON.stringify(state));
    });
  }
}
