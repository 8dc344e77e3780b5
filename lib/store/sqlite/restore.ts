import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  constants,
  copyFile,
  link,
  mkdir,
  open,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import path from 'node:path';
import { StoreUnavailable } from '../ports/store-unavailable';
import { checkBackup } from './check-backup';
import { type Database, openDatabase, storeUnavailable } from './driver';

/** What SQLite may have beside a database: what is not yet in it, and the index of that. */
const BESIDE = ['-wal', '-shm'];

/**
 * Replaces a database that no process has open with a backup, in one step: killed at any time, it leaves the one or the
 * other, whole. Returns where the database that was there is kept; `null` when there was none. Throws an error
 * whose message says what to do, having changed nothing.
 */
export async function restore(backup: string, database: string): Promise<string | null> {
  await refuseUnusable(backup, database);
  const folder = path.dirname(database);
  const copy = `${database}.restoring`;
  await mkdir(folder, { recursive: true });
  // Held until the end, so that nothing is started on the database in the meantime.
  const held = await holdAlone(database);
  try {
    await removeCopy(copy);
    await copyFile(backup, copy, constants.COPYFILE_FICLONE);
    await checkBackup(copy, backup);
    await ownAs(existsSync(database) ? database : folder, copy);
    await flush(copy);
    const aside = await keepAside(database);
    // Windows replaces no open file; there the database cannot be replaced while another process has it open either.
    if (process.platform === 'win32') held?.close();
    await rename(copy, database);
    if (process.platform !== 'win32') await flush(folder);
    return aside;
  } catch (error) {
    await removeCopy(copy);
    throw inWords(error, database);
  } finally {
    if (held?.isOpen) held.close();
  }
}

async function refuseUnusable(backup: string, database: string): Promise<void> {
  const file = await stat(backup).catch(() => null);
  if (!file?.isFile()) throw new Error(`There is no file ${backup}.`);
  const present = await stat(database).catch(() => null);
  if (present && present.ino === file.ino && present.dev === file.dev) {
    throw new Error(`${backup} is the database itself: name a file that npm run backup made.`);
  }
  const log = await stat(`${backup}-wal`).catch(() => null);
  if (log && log.size > 0) {
    throw new Error(
      `${backup} has a ${path.basename(backup)}-wal beside it, so a part of it is in there: make a backup of it with npm run backup, and restore that.`,
    );
  }
}

/**
 * Returns the database, locked so that no other process can open it; `null` when there is none, or none that can be
 * read. SQLite takes a database out of WAL mode only for the one process that has it open, so that it cannot be had
 * while the service, an import or a backup runs; what was in the WAL is in the database then. Without a journal on disk,
 * since the next start could not read a database that has one from a process that was killed.
 */
async function holdAlone(database: string): Promise<Database | null> {
  if (!existsSync(database)) return null;
  try {
    const db = await openDatabase(database);
    db.exec('PRAGMA busy_timeout=500; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    const known = storeUnavailable(error, database);
    const reason = known instanceof StoreUnavailable ? known.reason : null;
    // A damaged database is what a backup is restored for, and nothing runs on it.
    if (reason === 'corrupt') return null;
    if (reason === 'busy') {
      throw new Error(
        `${database} is in use: stop the service, and any npm run import or backup, and run this again. Nothing was changed.`,
      );
    }
    throw known;
  }
}

/** Gives the database another name, too. Where the file system has no links, a copy does. */
async function keepAside(database: string): Promise<string | null> {
  if (!existsSync(database)) return null;
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  let aside = `${database}.before-${stamp}`;
  for (let n = 2; existsSync(aside); n++) aside = `${database}.before-${stamp}-${n}`;
  await link(database, aside).catch(() => copyFile(database, aside, constants.COPYFILE_EXCL));
  // Of a damaged one. Left there, SQLite would take it for a part of the backup.
  for (const suffix of BESIDE) {
    if (existsSync(database + suffix)) await rename(database + suffix, aside + suffix);
  }
  return aside;
}

/** Gives a file the owner and the permissions of what it replaces, or the owner of its folder. */
async function ownAs(model: string, file: string): Promise<void> {
  const { uid, gid, mode } = await stat(model);
  await chmod(file, mode & 0o666);
  if (process.getuid?.() === 0) await chown(file, uid, gid);
}

async function flush(file: string): Promise<void> {
  const handle = await open(file);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeCopy(copy: string): Promise<void> {
  for (const suffix of ['', ...BESIDE]) await rm(copy + suffix, { force: true });
}

function inWords(error: unknown, database: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return storeUnavailable(error, database);
  return new Error(
    `The disk of ${path.dirname(database)} has no room for the backup beside the database: make some. Nothing was changed.`,
  );
}
