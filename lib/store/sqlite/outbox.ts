import type { Mute } from '../../domain/alert';
import type { Message } from '../../domain/notice';
import type { ChannelState, OutboxStore, QueuedMessage, WaitingNotice } from '../ports/outbox';
import { type Database, transaction } from './driver';
import { messageSchema, noticeSchema } from './stored-notice';

const WEEK = 7 * 86_400_000;

/** The queue's half of `sqlite-alerts.ts`. */
export class SqliteOutbox implements OutboxStore {
  protected constructor(
    protected readonly db: Database,
    protected readonly file: string,
  ) {}

  async recover(channel: string): Promise<number> {
    return this.write(() => {
      const cut = this.db
        .prepare("SELECT * FROM alert_messages WHERE channel = ? AND state = 'sending'")
        .all(channel);
      for (const row of cut) {
        this.topicsTold(channel, String(row.message), Number(row.attempted_at));
        this.setState(Number(row.id), 'unconfirmed', Number(row.attempted_at), CUT_SHORT);
      }
      return cut.length;
    });
  }

  async head(channel: string): Promise<QueuedMessage | null> {
    const row = this.db
      .prepare(
        "SELECT * FROM alert_messages WHERE channel = ? AND state = 'queued' ORDER BY id LIMIT 1",
      )
      .get(channel);
    if (!row) return null;
    const message = messageSchema.parse(JSON.parse(String(row.message)));
    const { id, attempts, not_before } = row;
    return {
      id: Number(id),
      message,
      attempts: Number(attempts),
      notBefore: Number(not_before),
    };
  }

  async lastAttempt(channel: string): Promise<number | null> {
    const row = this.db
      .prepare('SELECT MAX(attempted_at) AS last FROM alert_messages WHERE channel = ?')
      .get(channel);
    return numberOrNull(row?.last);
  }

  async waiting(channel: string): Promise<WaitingNotice[]> {
    return this.db
      .prepare(
        `SELECT id, notice, told_at FROM alert_notices LEFT JOIN alert_topics USING (channel, topic)
         WHERE channel = ? ORDER BY id`,
      )
      .all(channel)
      .map((row) => ({
        id: Number(row.id),
        notice: noticeSchema.parse(JSON.parse(String(row.notice))),
        lastTold: numberOrNull(row.told_at),
      }));
  }

  async unconfirmed(channel: string): Promise<number> {
    const row = this.db.prepare(`SELECT COUNT(*) AS n FROM alert_messages ${DOUBTFUL}`);
    return Number(row.get(channel)?.n);
  }

  async compose(
    channel: string,
    noticeIds: readonly number[],
    messages: readonly Message[],
  ): Promise<void> {
    this.write(() => {
      this.forgetNotices(noticeIds);
      if (messages.length === 0) return;
      this.db.prepare(`UPDATE alert_messages SET mentioned = 1 ${DOUBTFUL}`).run(channel);
      const queue = this.db.prepare(
        "INSERT INTO alert_messages (channel, message, state) VALUES (?, ?, 'queued')",
      );
      for (const message of messages) queue.run(channel, JSON.stringify(message));
    });
  }

  async withdraw(noticeIds: readonly number[]): Promise<void> {
    this.write(() => {
      const untell = this.db.prepare(
        `UPDATE alerts SET told = 0 WHERE state = 'firing' AND id =
         (SELECT alert FROM alert_notices WHERE id = ? AND json_extract(notice, '$.kind') <> 'resolved')`,
      );
      for (const id of noticeIds) untell.run(id);
      this.forgetNotices(noticeIds);
    });
  }

  async mutes(now: number): Promise<Mute[]> {
    return this.db
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

  async markSending(id: number, now: number): Promise<void> {
    this.write(() => this.setState(id, 'sending', now, null));
  }

  async markSent(id: number, now: number): Promise<void> {
    this.write(() => {
      this.setState(id, 'sent', now, null);
      const row = this.db.prepare('SELECT * FROM alert_messages WHERE id = ?').get(id);
      if (row) this.topicsTold(String(row.channel), String(row.message), now);
    });
  }

  async markRetry(id: number, at: number, notBefore: number, error: string): Promise<void> {
    this.write(() => {
      this.setState(id, 'queued', at, error);
      this.db
        .prepare('UPDATE alert_messages SET attempts = attempts + 1, not_before = ?1 WHERE id = ?2')
        .run(notBefore, id);
    });
  }

  async markFailed(id: number, at: number, error: string): Promise<void> {
    this.write(() => this.setState(id, 'failed', at, error));
  }

  async channelState(channel: string, now: number): Promise<ChannelState> {
    const row = this.db
      .prepare(
        `SELECT (SELECT COUNT(*) FROM alert_notices WHERE channel = ?1)
           + (SELECT COUNT(*) FROM alert_messages WHERE channel = ?1 AND state IN ('queued', 'sending')) AS waiting,
         (SELECT MAX(attempted_at) FROM alert_messages WHERE channel = ?1 AND state = 'sent') AS last_sent,
         (SELECT COUNT(*) FROM alert_messages WHERE channel = ?1 AND state = 'failed' AND attempted_at > ?2) AS failed`,
      )
      .get(channel, now - WEEK);
    const last = this.db
      .prepare(
        `SELECT error FROM alert_messages WHERE channel = ? AND attempted_at IS NOT NULL
         ORDER BY attempted_at DESC, id DESC LIMIT 1`,
      )
      .get(channel);
    return {
      waiting: Number(row?.waiting),
      lastSentAt: numberOrNull(row?.last_sent),
      lastError: textOrNull(last?.error),
      failed: Number(row?.failed),
    };
  }

  private setState(id: number, state: string, at: number, error: string | null): void {
    this.db
      .prepare('UPDATE alert_messages SET state = ?, attempted_at = ?, error = ? WHERE id = ?')
      .run(state, at, error, id);
  }

  private topicsTold(channel: string, message: string, at: number): void {
    const put = this.db.prepare('INSERT OR REPLACE INTO alert_topics VALUES (?, ?, ?)');
    for (const { notice } of messageSchema.parse(JSON.parse(message)).news) {
      put.run(channel, notice.alert.topic, at);
    }
  }

  private forgetNotices(ids: readonly number[]): void {
    const forget = this.db.prepare('DELETE FROM alert_notices WHERE id = ?');
    for (const id of ids) forget.run(id);
  }

  private write<T>(work: () => T): T {
    return transaction(this.db, this.file, work);
  }
}

const CUT_SHORT = 'the program was killed while sending it: it may or may not have arrived';
const DOUBTFUL = "WHERE channel = ? AND state = 'unconfirmed' AND mentioned = 0";

const numberOrNull = (value: unknown) => (typeof value === 'number' ? value : null);
const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);
