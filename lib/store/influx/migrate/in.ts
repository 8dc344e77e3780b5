import { StoreUnavailable } from '../../ports/store-unavailable';
import { type Database, openDatabase, transaction } from '../../sqlite/driver';
import { openSqliteStores } from '../../sqlite/stores';
import type { InfluxCollectorStores } from '../collector-stores';
import { copyTables } from './copy-tables';
import { sendHours } from './in-hours';
import { sendTables } from './in-tables';
import { type OnProgress, Progress } from './progress';

/** More than this is not taken into the spool before some of it has been sent. */
const MOST_WAITING = 200_000;

/** A migration into InfluxDB under way. */
export type MigrationIn = {
  /** The collector's database, with the one migrated attached as `old`. */
  db: Database;
  file: string;
  progress: Progress;
  /** Lets the sender catch up when too much waits. Throws `StoreUnavailable` when the server fails. */
  makeRoom(): Promise<void>;
};

/**
 * Takes over what an SQLite store holds into the collector's store beside it, from where it goes to InfluxDB as if it had
 * just been collected. An hour at a time, each in a transaction with a note of it: cut off anywhere, the next call goes on
 * from there. Throws `StoreUnavailable`.
 */
export async function migrateIn(
  sqliteFile: string,
  collectorFile: string,
  store: InfluxCollectorStores,
  collector: string,
  rawDays: number,
  onProgress: OnProgress,
): Promise<{ hits: number }> {
  // Brings an older database up to this program's schema.
  await (await openSqliteStores(sqliteFile)).close();
  // A connection of our own, so that what is spooled and the note of it are one transaction.
  const db = await openDatabase(collectorFile);
  try {
    db.prepare('ATTACH DATABASE ? AS old').run(sqliteFile);
    const progress = new Progress(db, 'migrated_');
    const makeRoom = async () => {
      if (store.sender.spool.state().points >= MOST_WAITING) await sendAll(store);
    };
    const migration: MigrationIn = { db, file: collectorFile, progress, makeRoom };
    copyOnce(migration);
    await sendTables(migration, collector);
    return await sendHours(migration, rawDays, onProgress);
  } finally {
    db.close();
  }
}

/** Sends all that waits. Throws `StoreUnavailable` when the server fails. */
export async function sendAll(store: InfluxCollectorStores): Promise<void> {
  while (!(await store.sender.drain(undefined, false))) {
    const { error } = store.sender.state();
    if (error !== null) throw new StoreUnavailable('failed', error);
  }
}

function copyOnce({ db, file, progress }: MigrationIn): void {
  if (progress.get('tables')) return;
  transaction(db, file, () => {
    copyTables(
      db,
      'old',
      `${file} has been collecting already: what it has and what is to be migrated cannot be told apart. Move it away, and its hits out of InfluxDB, to migrate first`,
    );
    progress.note('tables', 'yes');
  });
}
