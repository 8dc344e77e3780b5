import type { RejectedLineStore, RejectedSummary } from '../ports/rejected-lines';
import type { Database } from './driver';

export class SqliteRejectedLines implements RejectedLineStore {
  constructor(private readonly db: Database) {}

  async rejected(): Promise<RejectedSummary> {
    const total = this.db.prepare("SELECT value FROM state WHERE key = 'rejected_total'").get();
    const rows = this.db
      .prepare(
        `SELECT COALESCE(files.path, '') AS path, rejected."offset" AS "offset", line, reason, noticed_at
         FROM rejected LEFT JOIN files ON files.id = rejected.file ORDER BY rejected.id DESC LIMIT 20`,
      )
      .all();
    const samples = rows.map((row) => ({
      path: String(row.path),
      offset: Number(row.offset),
      line: String(row.line),
      reason: String(row.reason),
      time: Number(row.noticed_at),
    }));
    return { total: Number(total?.value ?? 0), samples };
  }
}
