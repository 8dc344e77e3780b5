import { StoreUnavailable } from '../../ports/store-unavailable';
import type { Database } from '../../sqlite/driver';

/** Tables of hits are sent, not copied; the spool's tables belong to the new database. */
const NOT_COPIED =
  /^(hit_blocks|rollups|coarse_hours|spool|spool_rejected|file_keys|to_sum|sqlite_.*)$/;

/**
 * Copies from the attached database `old` the tables that `schema` has, except those of hits; use inside a transaction.
 * Throws `StoreUnavailable` with `refusal` when the database has read a log already.
 */
export function copyTables(db: Database, schema: 'main' | 'old', refusal: string): void {
  if (Number(db.prepare('SELECT COUNT(*) AS n FROM files').get()?.n) > 0) {
    throw new StoreUnavailable('failed', refusal);
  }
  const tables = db.prepare(`SELECT name FROM ${schema}.sqlite_master WHERE type = 'table'`).all();
  for (const { name } of tables) {
    if (NOT_COPIED.test(String(name))) continue;
    db.exec(`INSERT OR REPLACE INTO main."${name}" SELECT * FROM old."${name}"`);
  }
}
