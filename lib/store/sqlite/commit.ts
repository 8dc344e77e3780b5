import type { Checkpoint } from '../../domain/checkpoint';
import type { Batch, Reread } from '../ports/ingest';
import type { DictionaryWriter } from './dictionary-writer';
import type { Database } from './driver';
import { RejectedRanges, within } from './rejected-ranges';

const REJECTED_KEPT = 200;
const LINE_KEPT = 2_000;

/** Returns whether a log position has not been stored before. */
export type IsNew = (file: number, offset: number) => boolean;

/** The destination of a batch's hits. */
export interface HitWriter {
  /** Use inside a transaction. */
  write(batch: Batch, isNew: IsNew, now: number): void;
}

/** Writes batches; use inside a transaction. */
export class Committer {
  private readonly ranges: RejectedRanges;

  constructor(
    private readonly db: Database,
    private readonly dictionary: DictionaryWriter,
    private readonly hits: HitWriter,
  ) {
    this.ranges = new RejectedRanges(db);
  }

  /** Call after a transaction was rolled back. */
  forget(): void {
    this.dictionary.forget();
  }

  commit(batch: Batch, now: number): void {
    this.dictionary.refresh();
    const stored = this.storedOffsets();
    const again = this.ranges.take(batch.reread ?? []);
    const isAgain = within(again);
    const isNew: IsNew = (file, offset) =>
      offset >= (stored.get(file) ?? 0) || isAgain(file, offset);
    this.hits.write(batch, isNew, now);
    for (const part of again) this.forgetRejected(part);
    const rejected = batch.rejected.filter(({ position }) => isNew(position.file, position.offset));
    this.writeRejected(rejected, now);
    this.ranges.add(batch.rejectedRanges ?? [], isNew);
    writeCheckpoints(this.db, batch.checkpoints);
  }

  /** What is before a file's offset is stored already, so a second commit of the same log position changes nothing. */
  private storedOffsets(): Map<number, number> {
    const rows = this.db.prepare('SELECT id, "offset" FROM files').all();
    return new Map(rows.map((row) => [Number(row.id), Number(row.offset)]));
  }

  private forgetRejected({ file, start, end, lines }: Reread): void {
    this.db
      .prepare(
        `UPDATE state SET value = MAX(0, CAST(value AS INTEGER) - ?) WHERE key = 'rejected_total'`,
      )
      .run(lines);
    this.db
      .prepare('DELETE FROM rejected WHERE file = ? AND "offset" >= ? AND "offset" < ?')
      .run(file, start, end);
  }

  private writeRejected(rejected: Batch['rejected'], now: number): void {
    if (rejected.length === 0) return;
    this.db
      .prepare(`UPDATE state SET value = CAST(value AS INTEGER) + ? WHERE key = 'rejected_total'`)
      .run(rejected.length);
    const add = this.db.prepare(
      'INSERT INTO rejected (file, "offset", line, reason, noticed_at) VALUES (?, ?, ?, ?, ?)',
    );
    for (const { position, line, reason } of rejected.slice(-REJECTED_KEPT)) {
      add.run(position.file, position.offset, line.slice(0, LINE_KEPT), reason, now);
    }
    this.db
      .prepare('DELETE FROM rejected WHERE id <= (SELECT MAX(id) FROM rejected) - ?')
      .run(REJECTED_KEPT);
  }
}

/**
 * Writes checkpoints; use inside a transaction. An offset never goes back: another process may have read further, and
 * what it stored must stay known.
 */
export function writeCheckpoints(db: Database, checkpoints: readonly Checkpoint[]): void {
  const save = db.prepare(
    `INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET log = excluded.log,
       path = excluded.path, device = excluded.device, inode = excluded.inode, head = excluded.head,
       "offset" = MAX("offset", excluded."offset"), retired = excluded.retired`,
  );
  for (const c of checkpoints) {
    const { file, log, path, device, inode, fingerprint, offset, retired } = c;
    save.run(file, log, path, device, inode, fingerprint, offset, retired ? 1 : 0);
  }
}
