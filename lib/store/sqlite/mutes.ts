import type { Mute } from '../../domain/alert';
import type { MuteStore } from '../ports/mutes';
import type { SqliteFile } from './file';
import { textOrNull } from './values';

export class SqliteMutes implements MuteStore {
  constructor(private readonly file: SqliteFile) {}

  async addMute(mute: Omit<Mute, 'id'>): Promise<Mute> {
    const { topic, nodeId, from, until, reason, by } = mute;
    return this.file.write(() => {
      const { lastInsertRowid } = this.file.db
        .prepare(
          'INSERT INTO alert_mutes (topic, node_id, start, "end", reason, by) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(topic, nodeId, from, until, reason, by);
      return { id: Number(lastInsertRowid), ...mute };
    });
  }

  async endMute(id: number, now: number): Promise<boolean> {
    return this.file.write(() => {
      const { changes } = this.file.db
        .prepare('UPDATE alert_mutes SET "end" = ?1 WHERE id = ?2 AND "end" > ?1')
        .run(now, id);
      return Number(changes) > 0;
    });
  }

  async mutes(now: number): Promise<Mute[]> {
    return this.file.db
      .prepare('SELECT * FROM alert_mutes WHERE "end" > ? ORDER BY start, id')
      .all(now)
      .map((row) => ({
        id: Number(row.id),
        topic: textOrNull(row.topic),
        nodeId: textOrNull(row.node_id),
        from: Number(row.start),
        until: Number(row.end),
        reason: String(row.reason),
        by: String(row.by),
      }));
  }
}
