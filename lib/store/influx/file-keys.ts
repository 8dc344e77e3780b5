import type { Database } from '../sqlite/driver';
import { digest } from './lines';

const LINE_FEED = 10;

/**
 * Names log files in InfluxDB, so that every collector of the same log gives the same name, whatever its own number for
 * a file. It is derived from the file's first line, which never changes while the file exists. Two files that begin
 * alike are distinguished by their order.
 */
export class FileKeys {
  constructor(private readonly db: Database) {
    db.exec(`
      CREATE TABLE IF NOT EXISTS file_keys (file INTEGER PRIMARY KEY, first_line TEXT NOT NULL, key TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS file_keys_line ON file_keys (first_line);
    `);
  }

  /** Use inside a transaction. `start`: the file's first bytes in base64, in case it is not known yet. */
  of(file: number, start: string): string {
    const stored = this.db.prepare('SELECT key FROM file_keys WHERE file = ?').get(file);
    if (stored) return String(stored.key);
    const bytes = Buffer.from(start, 'base64');
    const end = bytes.indexOf(LINE_FEED);
    const line = digest(end < 0 ? bytes : bytes.subarray(0, end));
    const alike = this.db
      .prepare('SELECT COUNT(*) AS n FROM file_keys WHERE first_line = ?')
      .get(line);
    const key = Number(alike?.n) === 0 ? line : `${line}-${alike?.n}`;
    this.db.prepare('INSERT INTO file_keys VALUES (?, ?, ?)').run(file, line, key);
    return key;
  }
}
