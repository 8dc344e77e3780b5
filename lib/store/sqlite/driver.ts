import type { DatabaseSync, DatabaseSyncInstance } from '@photostructure/sqlite';
import { say } from '../../domain/said';
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
  let db: Database | undefined;
  try {
    db = new DatabaseSync(file, { readOnly });
    // First, since changing the journal mode may have to wait, too.
    db.exec('PRAGMA busy_timeout=5000');
    if (!readOnly) {
      // Of a new database: blocks of hits are larger than a page of 4 kB, and half the pages are written faster.
      db.exec('PRAGMA page_size=8192');
      db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=2000');
      db.exec(`PRAGMA journal_size_limit=${16 * 1024 * 1024}`);
    }
    db.exec('PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY');
    return db;
  } catch (error) {
    // A damaged one stays open otherwise until garbage is collected.
    db?.close();
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
    rollBack(db);
    throw storeUnavailable(error, file);
  }
}

/** Runs `work`, which only reads, on one state of the database, whatever others write meanwhile. */
export function snapshot<T>(db: Database, work: () => T): T {
  db.exec('BEGIN');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** SQLite has already rolled back on some errors; the error of a second ROLLBACK is ignored. */
function rollBack(db: Database): void {
  try {
    db.exec('ROLLBACK');
  } catch {}
}

// Result codes: https://www.sqlite.org/rescode.html
const CODES: Record<number, [StoreUnavailable['reason'], Parameters<typeof say>[0]]> = {
  5: ['busy', 'stores.busy'],
  8: ['read_only', 'stores.mayNotWrite'],
  10: ['failed', 'stores.diskError'],
  11: ['corrupt', 'stores.damaged'],
  13: ['full', 'stores.full'],
  14: ['read_only', 'stores.mayNotOpen'],
  26: ['corrupt', 'stores.noDatabase'],
};

/** Returns an SQLite error as one the user can act on; other errors are returned unchanged. */
export function storeUnavailable(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error;
  const code = CODES[Number(error.errcode) & 0xff];
  if (!code) return error;
  return new StoreUnavailable(code[0], say(code[1], { file }), { cause: error });
}
