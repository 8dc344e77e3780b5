import type { Database } from '../sqlite/driver';

const KEPT = 100;
const SHOWN = 5;
const LINE_KEPT = 2_000;

export type RejectedPoint = { time: number; line: string; reason: string };

/** The points that InfluxDB will never accept, in the collector's own database: the newest hundred. */
export class RejectedPoints {
  constructor(private readonly db: Database) {
    db.exec(`
      CREATE TABLE IF NOT EXISTS spool_rejected (
        id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, line TEXT NOT NULL, reason TEXT NOT NULL
      );
    `);
  }

  /** Use inside a transaction. */
  add({ time, line, reason }: RejectedPoint): void {
    this.db
      .prepare('INSERT INTO spool_rejected (time, line, reason) VALUES (?, ?, ?)')
      .run(time, line.slice(0, LINE_KEPT), reason);
    this.db
      .prepare('DELETE FROM spool_rejected WHERE id <= (SELECT MAX(id) FROM spool_rejected) - ?')
      .run(KEPT);
  }

  /** Returns their total number, and the newest of them. */
  summary(): { total: number; samples: RejectedPoint[] } {
    const rows = this.db
      .prepare('SELECT * FROM spool_rejected ORDER BY id DESC LIMIT ?')
      .all(SHOWN);
    return {
      // AUTOINCREMENT keeps counting, however many are kept.
      total: Number(rows[0]?.id ?? 0),
      samples: rows.map(({ time, line, reason }) => ({
        time: Number(time),
        line: String(line),
        reason: String(reason),
      })),
    };
  }
}
