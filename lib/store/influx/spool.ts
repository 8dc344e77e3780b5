import type { SpoolState } from '../ports/spool';
import { StoreUnavailable } from '../ports/store-unavailable';
import type { Database } from '../sqlite/driver';
import type { BucketKind } from './client';

/** With this much waiting no more is taken: the log itself is then where hits wait. */
const MOST_BYTES = 1024 * 1024 * 1024;
const REJECTED_KEPT = 100;
const LINE_KEPT = 2_000;

/** A hit on its way. Everything but the names of its visitor is settled. */
export type SpooledHit = [
  second: number,
  millisecond: number,
  /** Identity of the log file and our number for it. */
  key: string,
  file: number,
  offset: number,
  visitor: number,
  /** An address that its visitor does not tell; `null`: it does. */
  ip: string | null,
  endpoint: string,
  method: string | null,
  path: string | null,
  status: number,
  responseMs: number,
  bytes: number,
  client: number,
];

export type SpooledRow = { id: number; createdAt: number } & (
  | { kind: 'hits'; hits: SpooledHit[] }
  | { kind: 'lines'; bucket: BucketKind; lines: string[] }
  /** Counts of an hour so old that InfluxDB keeps no single hits of it; they lie in our roll-ups. */
  | { kind: 'past'; hour: number }
);

export type RejectedPoint = { time: number; line: string; reason: string };

/**
 * What waits to be sent to InfluxDB, in order, in the collector's own database: written in the transaction of what it
 * belongs to, deleted once the server has it.
 */
export class Spool {
  constructor(private readonly db: Database) {
    db.exec(`
      CREATE TABLE IF NOT EXISTS spool (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, bucket TEXT, body TEXT NOT NULL, points INTEGER NOT NULL,
        bytes INTEGER NOT NULL, created_at INTEGER NOT NULL
      );
      CREATE TABLE IF NOT EXISTS spool_rejected (
        id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, line TEXT NOT NULL, reason TEXT NOT NULL
      );
      CREATE TABLE IF NOT EXISTS file_keys (file INTEGER PRIMARY KEY, first_line TEXT NOT NULL, key TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS to_sum (
        step INTEGER NOT NULL, start INTEGER NOT NULL, changes INTEGER NOT NULL, PRIMARY KEY (step, start)
      ) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS file_keys_line ON file_keys (first_line);
    `);
  }

  /** To be used inside a transaction; so are the next two. Throws `StoreUnavailable` when there is no room. */
  addHits(hits: readonly SpooledHit[], now: number): void {
    if (this.state().bytes > MOST_BYTES) {
      throw new StoreUnavailable(
        'busy',
        'more than 1 GiB waits to be sent to InfluxDB; reading the log goes on once the server takes it',
      );
    }
    this.add('hits', null, JSON.stringify(hits), hits.length, now);
  }

  addLines(bucket: BucketKind, lines: readonly string[], now: number): void {
    if (lines.length > 0) this.add('lines', bucket, lines.join('\n'), lines.length, now);
  }

  addPast(hour: number, now: number): void {
    this.add('past', null, String(hour), 1, now);
  }

  /** The oldest rows, of at most so many points altogether, but one row at least. */
  head(points: number): SpooledRow[] {
    const rows: SpooledRow[] = [];
    let sum = 0;
    const oldest = this.db.prepare('SELECT * FROM spool ORDER BY id LIMIT 200');
    for (const row of oldest.all()) {
      sum += Number(row.points);
      if (rows.length > 0 && sum > points) break;
      rows.push(spooledRow(row));
    }
    return rows;
  }

  /** Forgets rows that have been sent. */
  sent(rows: readonly SpooledRow[]): void {
    const last = rows.at(-1);
    if (last) this.db.prepare('DELETE FROM spool WHERE id <= ?').run(last.id);
  }

  /** Notes a point that the server will never take. */
  reject({ time, line, reason }: RejectedPoint): void {
    this.db
      .prepare('INSERT INTO spool_rejected (time, line, reason) VALUES (?, ?, ?)')
      .run(time, line.slice(0, LINE_KEPT), reason);
    this.db
      .prepare('DELETE FROM spool_rejected WHERE id <= (SELECT MAX(id) FROM spool_rejected) - ?')
      .run(REJECTED_KEPT);
  }

  /** How many points were ever refused, and the newest of them. */
  rejected(): { total: number; samples: RejectedPoint[] } {
    const rows = this.db.prepare('SELECT * FROM spool_rejected ORDER BY id DESC LIMIT 5').all();
    return {
      // AUTOINCREMENT counts on, however many are kept.
      total: Number(rows[0]?.id ?? 0),
      samples: rows.map(({ time, line, reason }) => ({
        time: Number(time),
        line: String(line),
        reason: String(reason),
      })),
    };
  }

  state(): SpoolState {
    const row = this.db
      .prepare(
        'SELECT SUM(points) AS points, SUM(bytes) AS bytes, MIN(created_at) AS oldest FROM spool',
      )
      .get();
    return {
      points: Number(row?.points ?? 0),
      bytes: Number(row?.bytes ?? 0),
      oldest: row?.oldest == null ? null : Number(row.oldest),
    };
  }

  /** Notes that the roll-up of a step is to be made, or made again. */
  markToSum(step: number, start: number): void {
    this.db
      .prepare(
        `INSERT INTO to_sum VALUES (?, ?, 1) ON CONFLICT (step, start) DO UPDATE SET changes = changes + 1`,
      )
      .run(step, start);
  }

  /** Roll-ups of a step to be made that are over before `before`, oldest first. */
  toSum(step: number, before: number, limit: number): { start: number; changes: number }[] {
    return this.db
      .prepare('SELECT * FROM to_sum WHERE step = ?1 AND start + ?1 <= ?2 ORDER BY start LIMIT ?3')
      .all(step, before, limit)
      .map(({ start, changes }) => ({ start: Number(start), changes: Number(changes) }));
  }

  /** The roll-up has been made of what was known at its mark `changes`; a later mark stays. */
  summed(step: number, start: number, changes: number): void {
    this.db
      .prepare('DELETE FROM to_sum WHERE step = ? AND start = ? AND changes = ?')
      .run(step, start, changes);
  }

  /**
   * What a log file is called in InfluxDB: something every collector of the same log arrives at, whatever its own number
   * for the file. It is made of the file's first line, which nothing but the file's end changes; `head` is base64. Two
   * files that begin alike are told apart by their order.
   */
  fileKey(file: number, head: string, digest: (bytes: Uint8Array) => string): string {
    const known = this.db.prepare('SELECT key FROM file_keys WHERE file = ?').get(file);
    if (known) return String(known.key);
    const bytes = Buffer.from(head, 'base64');
    const end = bytes.indexOf(10);
    const line = digest(end < 0 ? bytes : bytes.subarray(0, end));
    const alike = this.db
      .prepare('SELECT COUNT(*) AS n FROM file_keys WHERE first_line = ?')
      .get(line);
    const key = Number(alike?.n) === 0 ? line : `${line}-${alike?.n}`;
    this.db.prepare('INSERT INTO file_keys VALUES (?, ?, ?)').run(file, line, key);
    return key;
  }

  private add(
    kind: string,
    bucket: string | null,
    body: string,
    points: number,
    now: number,
  ): void {
    this.db
      .prepare(
        'INSERT INTO spool (kind, bucket, body, points, bytes, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(kind, bucket, body, points, body.length, now);
  }
}

function spooledRow(row: Record<string, unknown>): SpooledRow {
  const base = { id: Number(row.id), createdAt: Number(row.created_at) };
  const body = String(row.body);
  if (row.kind === 'past') return { ...base, kind: 'past', hour: Number(body) };
  if (row.kind === 'hits') return { ...base, kind: 'hits', hits: JSON.parse(body) as SpooledHit[] };
  const bucket = row.bucket === 'rollups' || row.bucket === 'state' ? row.bucket : 'raw';
  return { ...base, kind: 'lines', bucket, lines: body.split('\n') };
}
