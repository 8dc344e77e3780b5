import type { AuditEntry, AuditPage, AuditStore } from '../ports/audit';
import { matchCursor } from '../ports/cursor';
import type { SqliteFile } from './file';
import { saidIn } from './values';

export class SqliteAudit implements AuditStore {
  constructor(private readonly file: SqliteFile) {}

  async addAudit({
    time,
    actor,
    action,
    target,
    said,
    requestId,
  }: Omit<AuditEntry, 'id'>): Promise<void> {
    this.file.write(() => {
      this.file.db
        .prepare(
          'INSERT INTO audit (time, actor, action, target, said, request_id) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(time, actor, action, target, said ? JSON.stringify(said) : null, requestId);
    });
  }

  async audit(limit: number, cursor: string | null): Promise<AuditPage> {
    const before =
      cursor === null ? Number.MAX_SAFE_INTEGER : Number(matchCursor(cursor, /^\d{1,15}$/)[0]);
    const rows = this.file.db
      .prepare('SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?')
      .all(before, limit + 1);
    const entries = rows.slice(0, limit).map((row) => ({
      id: Number(row.id),
      time: Number(row.time),
      actor: String(row.actor),
      action: String(row.action),
      target: String(row.target),
      ...saidIn(row.said),
      requestId: String(row.request_id),
    }));
    return { entries, nextCursor: rows.length > limit ? String(entries.at(-1)?.id) : null };
  }
}
