import type { DatabaseSync, DatabaseSyncInstance } from '@photostructure/sqlite';
import { StoreUnavailable } from '../ports/store-unavailable';

export type Database = DatabaseSyncInstance;

/**
 * Imports this Node's own SQLite where it is available without a flag (from 22.13 on), else the package with the same
 * API. This is the only file that knows the difference.
 */
async function sqliteModule(): Promise<{ DatabaseSync: typeof DatabaseSync }> {
  const builtIn: unknown = process.getBuiltinModule?.('node:sqlite');
  if (builtIn) return builtIn as { DatabaseSync: typeof DatabaseSync };
  return import('@photostructure/sqlite');
}

/** Opens (or creates) a database file with the settings that all our connections use. Throws `StoreUnavailable`. */
export async function openDatabase(file: string, readOnly = false): Promise<Database> {
  const { DatabaseSync } = await sqliteModule();
  try {
    const db = new DatabaseSync(file, { readOnly });
    // First, since changing the journal mode may have to wait, too.
    db.exec('PRAGMA busy_timeout=5000');
    if (!readOnly) {
      db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4000');
      db.exec(`PRAGMA journal_size_limit=${16 * 1024 * 1024}`);
    }
    db.exec('PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY');
    return db;
  } catch (error) {
    throw storeUnavailable(error, file);
  }
}

/** Runs `work` in one write transaction: all of it or nothing. Throws `StoreUnavailable` when the disk rejects it. */
export function transaction<T>(db: Database, file: string, work: () => T): T {
  try {
    db.exec('BEGIN IMMEDIATE');
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back on some errors; the error of a second ROLLBACK is ignored.
    try {
      db.exec('ROLLBACK');
    } catch {}
    throw storeUnavailable(error, file);
  }
}

// Result codes: https://www.sqlite.org/rescode.html
const CODES: Record<number, [StoreUnavailable['reason'], string]> = {
  5: ['busy', 'another process is holding the database; stop it, or wait'],
  8: [
    'read_only',
    'the database file cannot be written; give this user write permission to it and its folder',
  ],
  10: ['failed', 'the disk reported an error; check its health (dmesg) and free space'],
  11: [
    'corrupt',
    'the database file is damaged; stop the service, move it away and restore a backup',
  ],
  13: ['full', 'the disk is full; free some space, and collecting goes on by itself'],
  14: [
    'read_only',
    'the database file cannot be opened; check that its folder exists and may be written',
  ],
  26: ['corrupt', 'the file is not a database; move it away and restore a backup'],
};

/** Returns an SQLite error as one the user can act on; other errors are returned unchanged. */
export function storeUnavailable(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error;
  const code = CODES[Number(error.errcode) & 0xff];
  if (!code) return error;
  return new StoreUnavailable(code[0], `${file}: ${code[1]}`, { cause: error });
}
