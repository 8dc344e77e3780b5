import type { Message } from '../../domain/notice';
import type { DigestQueue } from '../ports/digests';
import type { SqliteFile } from './file';

const KEY = 'digest_until';

export class SqliteDigests implements DigestQueue {
  constructor(private readonly file: SqliteFile) {}

  async lastDigest(): Promise<number | null> {
    return this.last();
  }

  async queueDigest(
    to: number,
    channels: readonly string[],
    message: Message | null,
  ): Promise<boolean> {
    return this.file.write(() => {
      const last = this.last();
      if (last !== null && last >= to) return false;
      const { db } = this.file;
      db.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)').run(KEY, String(to));
      const queue = db.prepare(
        "INSERT INTO alert_messages (channel, message, state) VALUES (?, ?, 'queued')",
      );
      if (message) for (const name of channels) queue.run(name, JSON.stringify(message));
      return true;
    });
  }

  private last(): number | null {
    const row = this.file.db.prepare('SELECT value FROM state WHERE key = ?').get(KEY);
    return row ? Number(row.value) : null;
  }
}
