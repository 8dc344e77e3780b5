import { z } from 'zod';
import { BadCursor } from '../../domain/errors';
import type { ModelEntry, ModelMetrics, ModelReport } from '../../domain/model';
import type { CsvMark, EntryPage, ModelStore } from '../ports/models';
import { type Database, transaction } from './driver';
import { openMigrated } from './schema';

type Row = Record<string, unknown>;
const metricsSchema = z.object({ mae: z.number() }).catchall(z.number());
const markSchema = z.object({ bytes: z.number(), modifiedMs: z.number() });
const CSV_MARK = 'model_csv';

/** The reports of models, in the database the store is in, over a connection of its own. */
export class SqliteModels implements ModelStore {
  private constructor(
    private readonly db: Database,
    private readonly file: string,
  ) {}

  /** Opens or makes the database, migrating it forward. Throws `StoreUnavailable`. */
  static async open(file: string): Promise<SqliteModels> {
    return new SqliteModels(await openMigrated(file), file);
  }

  async addReports(reports: readonly ModelReport[]): Promise<ModelEntry[]> {
    return transaction(this.db, this.file, () => {
      const add = this.db.prepare(
        `INSERT OR IGNORE INTO model_entries (model, time, version, trained_at, horizon, "window", metrics)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      );
      return reports.flatMap((report) => {
        const { model, time, version, trainedAt, horizon, window, metrics } = report;
        const text = JSON.stringify(metrics);
        const added = add.run(model, time, version ?? '', trainedAt, horizon, window, text);
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
    const row = this.db
      .prepare('SELECT * FROM model_entries WHERE model = ? AND version = ? AND trained_at = ?')
      .get(model, version ?? '', trainedAt);
    return row ? toEntry(row) : null;
  }

  async models(): Promise<{ model: string; entries: number }[]> {
    const rows = this.db
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
      cursor === null ? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : parseCursor(cursor);
    const rows = this.db
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

  async notInCsv(limit: number): Promise<ModelEntry[]> {
    return this.db
      .prepare('SELECT * FROM model_entries WHERE in_csv = 0 ORDER BY id LIMIT ?')
      .all(limit)
      .map(toEntry);
  }

  async entriesAfter(after: number, limit: number): Promise<ModelEntry[]> {
    return this.db
      .prepare('SELECT * FROM model_entries WHERE id > ? ORDER BY id LIMIT ?')
      .all(after, limit)
      .map(toEntry);
  }

  async csvMark(): Promise<CsvMark | null> {
    const row = this.db.prepare('SELECT value FROM state WHERE key = ?').get(CSV_MARK);
    return row ? markSchema.parse(JSON.parse(String(row.value))) : null;
  }

  async markInCsv(ids: readonly number[], mark: CsvMark): Promise<void> {
    transaction(this.db, this.file, () => {
      const note = this.db.prepare('UPDATE model_entries SET in_csv = 1 WHERE id = ?');
      for (const id of ids) note.run(id);
      this.db
        .prepare('INSERT OR REPLACE INTO state VALUES (?, ?)')
        .run(CSV_MARK, JSON.stringify(mark));
    });
  }

  async pruneReports(before: number): Promise<boolean> {
    return transaction(this.db, this.file, () => {
      const gone = this.db
        .prepare('DELETE FROM model_entries WHERE time < ? AND in_csv = 1')
        .run(before);
      return Number(gone.changes) > 0;
    });
  }

  async close(): Promise<void> {
    this.db.close();
  }
}

const textOrNull = (value: unknown) => (value === null || value === '' ? null : String(value));

function toEntry(row: Row): ModelEntry {
  const metrics: ModelMetrics = metricsSchema.parse(JSON.parse(String(row.metrics)));
  return {
    id: Number(row.id),
    model: String(row.model),
    time: Number(row.time),
    version: textOrNull(row.version),
    trainedAt: row.trained_at === null ? null : Number(row.trained_at),
    horizon: textOrNull(row.horizon),
    window: textOrNull(row.window),
    metrics,
  };
}

/** Throws `BadCursor` when it is not a page's `nextCursor`. */
function parseCursor(cursor: string): [number, number] {
  const parts = /^(\d{1,15})-(\d{1,15})$/.exec(cursor);
  if (!parts) throw new BadCursor();
  return [Number(parts[1]), Number(parts[2])];
}
