import { say } from '../../domain/said';
import type { SpoolState } from '../ports/spool';
import { StoreUnavailable } from '../ports/store-unavailable';
import type { Database } from '../sqlite/driver';
import type { BucketKind } from './client';
import { decodeSpooledHits, encodeSpooledHits, type SpooledHit } from './hit-codec';

/** With this much waiting no more is accepted: hits then wait in the log itself. */
const MOST_BYTES = 1024 * 1024 * 1024;

export type SpooledRow = { id: number; createdAt: number } & (
  | { kind: 'hits'; hits: SpooledHit[] }
  | { kind: 'lines'; bucket: BucketKind; lines: string[] }
  /** Counts of an hour so old that InfluxDB keeps no single hits of it; they are in our roll-ups. */
  | { kind: 'past'; hour: number }
);

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
    `);
  }

  /** Use inside a transaction, like the next two. Throws `StoreUnavailable` when there is no room. */
  addHits(hits: readonly SpooledHit[], now: number): void {
    if (this.state().bytes > MOST_BYTES) {
      throw new StoreUnavailable('busy', say('stores.spoolFull'));
    }
    this.add('hits', null, encodeSpooledHits(hits), hits.length, now);
  }

  addLines(bucket: BucketKind, lines: readonly string[], now: number): void {
    if (lines.length > 0) this.add('lines', bucket, lines.join('\n'), lines.length, now);
  }

  addPast(hour: number, now: number): void {
    this.add('past', null, String(hour), 1, now);
  }

  /** Returns the oldest rows, with at most that number of points altogether, but at least one row. */
  oldest(points: number): SpooledRow[] {
    const rows: SpooledRow[] = [];
    let sum = 0;
    const select = this.db.prepare('SELECT * FROM spool ORDER BY id LIMIT 200');
    for (const row of select.all()) {
      sum += Number(row.points);
      if (rows.length > 0 && sum > points) break;
      rows.push(spooledRow(row));
    }
    return rows;
  }

  /** Deletes rows that have been sent. */
  sent(rows: readonly SpooledRow[]): void {
    const last = rows.at(-1);
    if (last) this.db.prepare('DELETE FROM spool WHERE id <= ?').run(last.id);
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
  if (row.kind === 'hits') return { ...base, kind: 'hits', hits: decodeSpooledHits(body) };
  const bucket = row.bucket === 'rollups' || row.bucket === 'state' ? row.bucket : 'raw';
  return { ...base, kind: 'lines', bucket, lines: body.split('\n') };
}
