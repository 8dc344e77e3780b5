import { StoreUnavailable } from '../../ports/store-unavailable';
import { type Database, openDatabase, transaction } from '../../sqlite/driver';
import { openSqliteStores } from '../../sqlite/stores';
import type { InfluxCollectorStores } from '../collector-stores';
import { copyTables } from './copy-tables';
import { sendHours } from './in-hours';
import { sendTables } from './in-tables';
import { type OnProgress, Progress } from './progress';

/** When more than this is waiting, the spool takes no more until some of it has been sent. */
const MOST_WAITING = 200_000;

/** A migration into InfluxDB under way. */
export type MigrationIn = {
  /** The collector's database, with the one being migrated attached as `old`. */
  db: Database;
  file: string;
  progress: Progress;
  /** Lets the sender catch up when too much is waiting. Throws `StoreUnavailable` when the server fails. */
  makeRoom(): Promise<void>;
};

/**
 * Copies an SQLite store's data into the collector's store beside it, from where it is sent to InfluxDB like newly
 * collected data. Works an hour at a time, each in a transaction that also records the progress: wherever it is
 * interrupted, the next call continues from there. Throws `StoreUnavailable`.
 */
export async function migrateIn(
  sqliteFile: string,
  collectorFile: string,
  store: InfluxCollectorStores,
  collector: string,
  rawDays: number,
  onProgress: OnProgress,
): Promise<{ hits: number }> {
  // Migrates an older database to this program's schema.
  await (await openSqliteStores(sqliteFile)).close();
  // A separate connection, so that spooled data and the recorded progress are one transaction.
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

/** Sends everything that is waiting. Throws `StoreUnavailable` when the server fails. */
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
