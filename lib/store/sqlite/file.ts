import { type Database, transaction } from './driver';
import { openMigrated } from './schema';

/** An open database file, shared by all ports of this adapter. */
export class SqliteFile {
  constructor(
    readonly db: Database,
    readonly file: string,
  ) {}

  /** Opens or creates the database, migrating it forward. Throws `StoreUnavailable`. */
  static async open(file: string): Promise<SqliteFile> {
    return new SqliteFile(await openMigrated(file), file);
  }

  /** Runs `work` in one write transaction: all of it or nothing. Throws `StoreUnavailable` when the disk is full. */
  write<T>(work: () => T): T {
    return transaction(this.db, this.file, work);
  }

  close(): void {
    this.db.close();
  }
}
