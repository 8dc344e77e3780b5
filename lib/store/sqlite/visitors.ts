import type { Visitor } from '../../domain/access';
import type { Identity, VisitorStore } from '../ports/visitors';
import { bumpVisitors } from './dictionary-writer';
import type { SqliteFile } from './file';
import { toVisitor, type VisitorRow } from './visitor-row';

export class SqliteVisitors implements VisitorStore {
  constructor(private readonly file: SqliteFile) {}

  async visitorsToIdentify(
    before: { unknown: number; known: number },
    limit: number,
  ): Promise<Visitor[]> {
    const rows = this.file.db
      .prepare(
        `SELECT * FROM visitors WHERE current = 1 AND kind = 'tailnet' AND (checked_at IS NULL
         OR checked_at < CASE WHEN node_id IS NULL THEN ? ELSE ? END) ORDER BY checked_at LIMIT ?`,
      )
      .all(before.unknown, before.known, limit) as VisitorRow[];
    return rows.map(toVisitor);
  }

  async identify(visitorId: number, identity: Identity | null, now: number): Promise<void> {
    const { db } = this.file;
    this.file.write(() => {
      const row = db.prepare('SELECT * FROM visitors WHERE id = ?').get(visitorId) as
        | VisitorRow
        | undefined;
      if (!row) return;
      db.prepare('UPDATE visitors SET checked_at = ? WHERE id = ?').run(now, visitorId);
      if (!identity) return;
      const { nodeId, device, user, userName } = identity;
      if (row.node_id !== null && row.node_id !== nodeId) {
        db.prepare('UPDATE visitors SET current = 0 WHERE id = ?').run(visitorId);
        db.prepare(
          `INSERT INTO visitors (ip, kind, current, node_id, device, user, user_name, checked_at)
           VALUES (?, ?, 1, ?, ?, ?, ?, ?)`,
        ).run(row.ip, row.kind, nodeId, device, user, userName, now);
      } else if (row.device !== device || row.user !== user || row.user_name !== userName) {
        db.prepare(
          'UPDATE visitors SET node_id = ?, device = ?, user = ?, user_name = ? WHERE id = ?',
        ).run(nodeId, device, user, userName, visitorId);
      } else return;
      // Makes readers and the committer look the address up again.
      bumpVisitors(db);
    });
  }
}
