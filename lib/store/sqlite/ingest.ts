import type { RejectedRange } from '../../domain/access';
import type { Checkpoint } from '../../domain/checkpoint';
import type { Batch, IngestStore } from '../ports/ingest';
import { type Committer, writeCheckpoints } from './commit';
import type { SqliteFile } from './file';
import { RejectedRanges } from './rejected-ranges';

export class SqliteIngest implements IngestStore {
  constructor(
    private readonly file: SqliteFile,
    private readonly committer: Pick<Committer, 'commit' | 'forget'>,
  ) {}

  async checkpoints(): Promise<Checkpoint[]> {
    const rows = this.file.db.prepare('SELECT * FROM files ORDER BY id').all();
    return rows.map((row) => ({
      file: Number(row.id),
      log: String(row.log),
      path: String(row.path),
      device: Number(row.device),
      inode: Number(row.inode),
      fingerprint: String(row.head),
      offset: Number(row.offset),
      retired: row.retired === 1,
    }));
  }

  async claimFiles(checkpoints: readonly Checkpoint[]): Promise<boolean> {
    return this.file.write(() => {
      const row = this.file.db.prepare('SELECT MAX(id) AS last FROM files').get();
      const last = Number(row?.last ?? 0);
      if (checkpoints.some(({ file }) => file <= last)) return false;
      writeCheckpoints(this.file.db, checkpoints);
      return true;
    });
  }

  async rejectedRanges(): Promise<RejectedRange[]> {
    return new RejectedRanges(this.file.db).all();
  }

  async commit(batch: Batch): Promise<void> {
    try {
      this.file.write(() => this.committer.commit(batch, Date.now()));
    } catch (error) {
      this.committer.forget();
      throw error;
    }
  }
}
