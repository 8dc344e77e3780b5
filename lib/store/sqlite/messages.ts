import { type Said, say } from '../../domain/said';
import type { MessageQueue, QueuedMessage } from '../ports/messages';
import type { SqliteFile } from './file';
import { messageSchema } from './stored-notice';
import { numberOrNull } from './values';

export class SqliteMessages implements MessageQueue {
  constructor(private readonly file: SqliteFile) {}

  async recover(channel: string): Promise<number> {
    return this.file.write(() => {
      const sending = this.file.db
        .prepare("SELECT * FROM alert_messages WHERE channel = ? AND state = 'sending'")
        .all(channel);
      for (const row of sending) {
        this.setNotified(channel, String(row.message), Number(row.attempted_at));
        const killed = say('channelFaults.killed');
        this.setState(Number(row.id), 'unconfirmed', Number(row.attempted_at), killed);
      }
      return sending.length;
    });
  }

  async nextMessage(channel: string): Promise<QueuedMessage | null> {
    const row = this.file.db
      .prepare(
        "SELECT * FROM alert_messages WHERE channel = ? AND state = 'queued' ORDER BY id LIMIT 1",
      )
      .get(channel);
    if (!row) return null;
    return {
      id: Number(row.id),
      message: messageSchema.parse(JSON.parse(String(row.message))),
      attempts: Number(row.attempts),
      notBefore: Number(row.not_before),
    };
  }

  async lastAttempt(channel: string): Promise<number | null> {
    const row = this.file.db
      .prepare('SELECT MAX(attempted_at) AS last FROM alert_messages WHERE channel = ?')
      .get(channel);
    return numberOrNull(row?.last ?? null);
  }

  async startSending(id: number, now: number): Promise<void> {
    this.file.write(() => this.setState(id, 'sending', now, null));
  }

  async confirmSent(id: number, now: number): Promise<void> {
    this.file.write(() => {
      this.setState(id, 'sent', now, null);
      const row = this.file.db.prepare('SELECT * FROM alert_messages WHERE id = ?').get(id);
      if (row) this.setNotified(String(row.channel), String(row.message), now);
    });
  }

  async retryLater(id: number, at: number, notBefore: number, error: Said): Promise<void> {
    this.file.write(() => {
      this.setState(id, 'queued', at, error);
      this.file.db
        .prepare('UPDATE alert_messages SET attempts = attempts + 1, not_before = ?1 WHERE id = ?2')
        .run(notBefore, id);
    });
  }

  async giveUp(id: number, at: number, error: Said): Promise<void> {
    this.file.write(() => this.setState(id, 'failed', at, error));
  }

  private setState(id: number, state: string, at: number, error: Said | null): void {
    this.file.db
      .prepare(
        'UPDATE alert_messages SET state = ?, attempted_at = ?, error = ?, said = ? WHERE id = ?',
      )
      .run(state, at, error?.text ?? null, error && JSON.stringify(error), id);
  }

  private setNotified(channel: string, message: string, at: number): void {
    const put = this.file.db.prepare('INSERT OR REPLACE INTO alert_topics VALUES (?, ?, ?)');
    for (const { notice } of messageSchema.parse(JSON.parse(message)).news) {
      // A sent recovery does not delay the message about the next firing.
      if (notice.kind !== 'resolved') put.run(channel, notice.alert.topic, at);
    }
  }
}
