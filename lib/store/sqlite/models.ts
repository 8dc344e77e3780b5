import type { ModelEntry, ModelReport } from '../../domain/model';
import { parseTimeAndId } from '../ports/cursor';
import type { EntryPage, ModelStore } from '../ports/models';
import type { SqliteFile } from './file';
import { toEntry } from './model-entry';

export class SqliteModels implements ModelStore {
  constructor(private readonly file: SqliteFile) {}

  async addReports(reports: readonly ModelReport[]): Promise<ModelEntry[]> {
    return this.file.write(() => {
      const add = this.file.db.prepare(
        `INSERT OR IGNORE INTO model_entries (model, time, version, trained_at, horizon, "window", metrics, imported)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      return reports.flatMap((report) => {
        const { model, time, version, trainedAt, horizon, window, metrics, imported } = report;
        const text = JSON.stringify(metrics);
        const added = add.run(
          ...[model, time, version ?? '', trainedAt, horizon, window, text, imported ? 1 : 0],
        );
        return Number(added.changes) === 0
          ? []
          : [{ ...report, id: Number(added.lastInsertRowid) }];
      });
    });
  }

  async entryOf(
    model: string,
    version: string | null,
    trainedAt: number,
  ): Promise<ModelEntry | null> {
    const row = this.file.db
      .prepare('SELECT * FROM model_entries WHERE model = ? AND version = ? AND trained_at = ?')
      .get(model, version ?? '', trainedAt);
    return row ? toEntry(row) : null;
  }

  async models(): Promise<{ model: string; entries: number }[]> {
    const rows = this.file.db
      .prepare('SELECT model, entries FROM model_counts WHERE entries > 0 ORDER BY model')
      .all();
    return rows.map((row) => ({ model: String(row.model), entries: Number(row.entries) }));
  }

  async entries(
    model: string,
    limit: number,
    before: number,
    cursor: string | null,
  ): Promise<EntryPage> {
    const [time, id] =
      cursor === null ? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : parseTimeAndId(cursor);
    const rows = this.file.db
      .prepare(
        `SELECT * FROM model_entries WHERE model = ? AND (time, id) < (?, ?)
         ORDER BY time DESC, id DESC LIMIT ?`,
      )
      .all(model, time, id, limit + Math.max(1, before))
      .map(toEntry);
    const page = rows.slice(0, limit);
    const first = page.at(-1);
    return {
      entries: page.reverse(),
      before: rows.slice(limit, limit + before).reverse(),
      nextCursor: rows.length > limit && first ? `${first.time}-${first.id}` : null,
    };
  }

  async pruneReports(before: number): Promise<boolean> {
    return this.file.write(() => {
      const gone = this.file.db
        .prepare('DELETE FROM model_entries WHERE time < ? AND in_csv = 1')
        .run(before);
      return Number(gone.changes) > 0;
    });
  }
}
