import { StoreUnavailable } from '../ports/store-unavailable';
import { type Database, openDatabase } from './driver';
import { MIGRATIONS } from './schema';

/**
 * Checks that a file is a whole database of ours, of this schema or an older one, which the next start migrates. Throws
 * an error that says what is wrong; `name`: the file as the user knows it.
 */
export async function checkBackup(file: string, name: string): Promise<void> {
  const db = await opened(file, name);
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    if (version > MIGRATIONS.length) {
      throw new Error(
        `${name} was made by a newer version of this program (schema ${version}, this one knows ${MIGRATIONS.length}): update this one first. Nothing was changed.`,
      );
    }
    if (version < 1 || !isOurs(objects(db), await expected(version))) throw notOurs(name);
    const fault = db.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    if (fault !== 'ok') throw damaged(name);
    // Without a WAL beside it, it is this file alone.
    db.exec('PRAGMA journal_mode=DELETE');
  } catch (error) {
    throw isDamage(error) ? damaged(name) : error;
  } finally {
    db.close();
  }
}

const notOurs = (name: string) =>
  new Error(
    `${name} is not a backup of this program: name a file that npm run backup made. Nothing was changed.`,
  );
const damaged = (name: string) =>
  new Error(`${name} is damaged: restore another backup. Nothing was changed.`);

async function opened(file: string, name: string): Promise<Database> {
  try {
    return await openDatabase(file);
  } catch (error) {
    if (!(error instanceof StoreUnavailable) || error.reason !== 'corrupt') throw error;
    throw isDamage(error.cause) ? damaged(name) : notOurs(name);
  }
}

/** SQLITE_CORRUPT: https://www.sqlite.org/rescode.html */
const isDamage = (error: unknown) =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 11;

/** Returns the tables, triggers and views that a database has, besides SQLite's own. Indexes do not matter. */
function objects(db: Database): Set<string> {
  const rows = db
    .prepare(
      `SELECT type, name FROM sqlite_schema WHERE type <> 'index' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    )
    .all();
  return new Set(rows.map(({ type, name }) => `${type} ${name}`));
}

async function expected(version: number): Promise<Set<string>> {
  const db = await openDatabase(':memory:');
  try {
    for (const step of MIGRATIONS.slice(0, version)) db.exec(step);
    return objects(db);
  } finally {
    db.close();
  }
}

/** Further tables may be left from InfluxDB; a trigger or a view that is not ours would run what another one wrote. */
const isOurs = (found: Set<string>, ours: Set<string>) =>
  [...ours].every((name) => found.has(name)) &&
  [...found].every((name) => ours.has(name) || name.startsWith('table '));
