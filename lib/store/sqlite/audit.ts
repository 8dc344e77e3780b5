import { BadCursor } from '../../domain/errors';
import type { AuditEntry, AuditPage, AuditStore } from '../ports/audit';
import { type Database, transaction } from './driver';
import { openMigrated } from './schema';

/** The audit, in the database the store is in, over a connection of its own. */
export class SqliteAudit implements AuditStore {
  private constructor(
    private readonly db: Database,
    private readonly file: string,
  ) {}

  /** Opens or makes the database, migrating it forward. Throws `StoreUnavailable`. */
  static async open(file: string): Promise<SqliteAudit> {
    return new SqliteAudit(await openMigrated(file), file);
  }

  async addAudit({
    time,
    actor,
    action,
    target,
    requestId,
  }: Omit<AuditEntry, 'id'>): Promise<void> {
    transaction(this.db, this.file, () => {
      this.db
        .prepare(
          'INSERT INTO audit (time, actor, action, target, request_id) VALUES (?, ?, ?, ?, ?)',
        )
        .run(time, actor, action, target, requestId);
    });
  }

  async audit(limit: number, cursor: string | null): Promise<AuditPage> {
    if (cursor !== null && !/^\d{1,15}$/.test(cursor)) throw new BadCursor();
    const before = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor);
    const rows = this.db
      .prepare('SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?')
      .all(before, limit + 1);
    const entries = rows.slice(0, limit).map((row) => ({
      id: Number(row.id),
      time: Number(row.time),
      actor: String(row.actor),
      action: String(row.action),
      target: String(row.target),
      requestId: String(row.request_id),
    }));
    return { entries, nextCursor: rows.length > limit ? String(entries.at(-1)?.id) : null };
  }

  async pruneAudit(before: number): Promise<void> {
    transaction(this.db, this.file, () => {
      this.db.prepare('DELETE FROM audit WHERE time < ?').run(before);
    });
  }

  async close(): Promise<void> {
    this.db.close();
  }
}
