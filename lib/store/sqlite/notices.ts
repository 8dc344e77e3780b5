import type { Message } from '../../domain/notice';
import type { NoticeStore, WaitingNotice } from '../ports/notices';
import type { SqliteFile } from './file';
import { noticeSchema } from './stored-notice';
import { numberOrNull } from './values';

const NOT_MENTIONED = "WHERE channel = ? AND state = 'unconfirmed' AND mentioned = 0";

export class SqliteNotices implements NoticeStore {
  constructor(private readonly file: SqliteFile) {}

  async waiting(channel: string): Promise<WaitingNotice[]> {
    return this.file.db
      .prepare(
        `SELECT id, notice, told_at FROM alert_notices LEFT JOIN alert_topics USING (channel, topic)
         WHERE channel = ? ORDER BY id`,
      )
      .all(channel)
      .map((row) => ({
        id: Number(row.id),
        notice: noticeSchema.parse(JSON.parse(String(row.notice))),
        lastNotified: numberOrNull(row.told_at),
      }));
  }

  async unconfirmed(channel: string): Promise<number> {
    const row = this.file.db.prepare(`SELECT COUNT(*) AS n FROM alert_messages ${NOT_MENTIONED}`);
    return Number(row.get(channel)?.n);
  }

  async compose(
    channel: string,
    noticeIds: readonly number[],
    messages: readonly Message[],
  ): Promise<void> {
    const { db } = this.file;
    this.file.write(() => {
      this.remove(noticeIds);
      if (messages.length === 0) return;
      db.prepare(`UPDATE alert_messages SET mentioned = 1 ${NOT_MENTIONED}`).run(channel);
      const queue = db.prepare(
        "INSERT INTO alert_messages (channel, message, state) VALUES (?, ?, 'queued')",
      );
      for (const message of messages) queue.run(channel, JSON.stringify(message));
    });
  }

  async withdraw(noticeIds: readonly number[]): Promise<void> {
    this.file.write(() => {
      const reset = this.file.db.prepare(
        `UPDATE alerts SET told = 0 WHERE state = 'firing' AND id =
         (SELECT alert FROM alert_notices WHERE id = ? AND json_extract(notice, '$.kind') <> 'resolved')`,
      );
      for (const id of noticeIds) reset.run(id);
      this.remove(noticeIds);
    });
  }

  private remove(ids: readonly number[]): void {
    const remove = this.file.db.prepare('DELETE FROM alert_notices WHERE id = ?');
    for (const id of ids) remove.run(id);
  }
}
