import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundle } from '../../e2e/fakes/bundle';
import { MIGRATIONS } from '../store/sqlite/schema';

/**
 * What a test does with databases, in processes of their own: on Node 20 one that has been closed is open until garbage
 * is collected, and its WAL stays when the process ends before.
 * `hold` has it as the service does: open, idle, and with what it wrote last still in the WAL.
 */
const HELPER = `
import { ALL, aHit, dayOf, putHits, T0 } from './lib/store/contract/samples';
import { openDatabase } from './lib/store/sqlite/driver';
import { openSqliteStores } from './lib/store/sqlite/stores';
const [what, file, argument, copy] = process.argv.slice(2);
if (what === 'run') {
  const db = await openDatabase(file);
  db.exec(argument + '; PRAGMA journal_mode=DELETE');
} else {
  const stores = await openSqliteStores(file);
  if (what === 'make') {
    const hits = Array.from({ length: Number(argument) }, (_, i) => aHit(i));
    await putHits(stores.ingest, hits);
    if (copy) await stores.maintenance.backup(copy);
  } else if (what === 'hold') {
    await stores.state.saveState('held', 'yes');
    // What nothing refers to any more is collected as garbage, and closed with that.
    setInterval(() => stores.state, 1000);
  } else if (what === 'fill') {
    await stores.state.saveState('filler', 'f'.repeat(30_000_000));
    await stores.maintenance.backup(argument);
  }
  const { hits } = await stores.accesses.totals(dayOf(T0), { ...ALL, nonTailnet: true });
  process.stdout.write(JSON.stringify({ hits, held: await stores.state.loadState('held') }));
  if (what !== 'hold') {
    await stores.close();
    gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
`;
const KILLS = 16;

let restorer: Awaited<ReturnType<typeof bundle>>;
let helper: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  restorer = await bundle('restore', { entryPoints: ['lib/runtime/restore.ts'] });
  helper = await bundle('restore-helper', { contents: HELPER });
});
afterAll(async () => {
  await restorer.remove();
  await helper.remove();
});

let folder: string;
let database: string;
let backup: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'restore-'));
  database = path.join(folder, 'data', 'observatory.sqlite');
  backup = path.join(folder, 'backup.sqlite');
  await help('make', database, '3');
  await help('make', path.join(folder, 'other.sqlite'), '8', backup);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

type Ended = { code: number; stdout: string; stderr: string };
const program = (...args: string[]) =>
  new Promise<Ended>((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
async function help(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await program('--expose-gc', helper.file, ...args);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}
const contentOf = async (file: string) => JSON.parse(await help('count', file));
const hitsIn = async (file: string) => (await contentOf(file)).hits;
const restore = (file = backup) => program(restorer.file, database, file);

/** Expects one line that says what to do, and that the database is what it was. */
async function expectRefusal(file: string, words: RegExp): Promise<void> {
  const before = await readFile(database);
  const { code, stdout, stderr } = await restore(file);
  expect(stderr).toMatch(words);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect([code, stdout]).toEqual([1, '']);
  expect(await inFolder()).toEqual(['observatory.sqlite']);
  expect(hash(await readFile(database))).toBe(hash(before));
  expect(await hitsIn(database)).toBe(3);
}

/** Everything but the version in the header, which says whether there is a WAL, and how often it was written. */
const hash = (bytes: Buffer) => bytes.subarray(100).toString('base64');
const inFolder = async () => (await readdir(path.dirname(database))).sort();
const asideFiles = async () => (await inFolder()).filter((name) => name.includes('.before-'));

describe('a backup', () => {
  it('takes the place of the database, which is kept', async () => {
    const { code, stdout, stderr } = await restore();
    expect([code, stderr]).toEqual([0, '']);
    expect(await hitsIn(database)).toBe(8);
    const [aside = ''] = await asideFiles();
    expect(stdout).toContain(`Restored ${backup} to ${database}; what was there is kept as`);
    expect(stdout).toContain(aside);
    expect(await hitsIn(path.join(path.dirname(database), aside))).toBe(3);
    expect(await hitsIn(backup)).toBe(8);
  });

  it('is restored where there is no database yet', async () => {
    await rm(path.dirname(database), { recursive: true });
    expect((await restore()).stdout).toBe(`Restored ${backup} to ${database}\n`);
    expect(await hitsIn(database)).toBe(8);
    expect(await asideFiles()).toEqual([]);
  });

  it('is restored twice, and both that were there are kept', async () => {
    await restore();
    await restore();
    expect(await asideFiles()).toHaveLength(2);
  });

  it('of an older schema is restored, and migrated by the next start', async () => {
    await rm(backup);
    await help('run', backup, `${MIGRATIONS.slice(0, 5).join(';')}; PRAGMA user_version=5`);
    expect((await restore()).code).toBe(0);
    expect(await hitsIn(database)).toBe(0);
  });

  it('takes the place of a damaged database, which is kept as it is', async () => {
    await writeFile(database, 'x'.repeat(5_000));
    await writeFile(`${database}-wal`, 'of the damaged one');
    const { code, stderr } = await restore();
    expect([code, stderr]).toEqual([0, '']);
    expect(await hitsIn(database)).toBe(8);
    const [aside = '', ...rest] = await asideFiles();
    expect(rest).toEqual([]);
    expect(await readFile(path.join(path.dirname(database), aside), 'utf8')).toBe(
      'x'.repeat(5_000),
    );
    expect(await inFolder()).toEqual(['observatory.sqlite', aside]);
  });

  it.runIf(process.platform !== 'win32')('has the permissions of what it replaces', async () => {
    await chmod(database, 0o600);
    await restore();
    expect((await stat(database)).mode & 0o777).toBe(0o600);
  });
});

describe('refused, with nothing changed, is', () => {
  it('a file that is not there, or a folder', async () => {
    await expectRefusal(path.join(folder, 'none.sqlite'), /There is no file .*none\.sqlite/);
    await expectRefusal(folder, /There is no file/);
  });

  it('the database itself', async () => {
    await expectRefusal(database, /is the database itself.*npm run backup/);
  });

  it.each([
    ['an empty file', ''],
    ['text', 'not a database, '.repeat(500)],
  ])('%s', async (_, content) => {
    const file = path.join(folder, 'odd');
    await writeFile(file, content);
    await expectRefusal(file, /is not a backup of this program.*npm run backup.*Nothing was/);
  });

  it("another program's database, also with our version and a trigger beside our tables", async () => {
    const file = path.join(folder, 'foreign.sqlite');
    await help('run', file, 'CREATE TABLE notes (text); PRAGMA user_version=3');
    await expectRefusal(file, /is not a backup of this program/);
    const trigger = 'CREATE TRIGGER evil AFTER INSERT ON audit BEGIN DELETE FROM audit; END';
    await help('run', backup, trigger);
    await expectRefusal(backup, /is not a backup of this program/);
  });

  it('one of a newer version', async () => {
    const version = MIGRATIONS.length + 1;
    await help('run', backup, `PRAGMA user_version=${version}`);
    await expectRefusal(backup, new RegExp(`newer version .*schema ${version}.*update`));
  });

  it('one that was cut off, or is damaged in the middle', async () => {
    const whole = await readFile(backup);
    await writeFile(backup, whole.subarray(0, whole.length / 2));
    await expectRefusal(backup, /is damaged: restore another backup/);
    await writeFile(backup, whole.fill(0xa5, 8_192, 40_000));
    await expectRefusal(backup, /is damaged: restore another backup/);
  });

  it('the file of a database in use, a part of which is elsewhere', async () => {
    await writeFile(`${backup}-wal`, 'a part of it');
    await expectRefusal(backup, /backup\.sqlite-wal beside it.*npm run backup/);
  });

  it('any, while a process has the database open, however idle', async () => {
    const child = await held();
    const { code, stderr } = await restore();
    expect(stderr).toMatch(/is in use: stop the service.*Nothing was changed/);
    expect(code).toBe(1);
    expect(await asideFiles()).toEqual([]);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    // Killed with writes in the WAL: they are in the database that is kept.
    expect((await restore()).code).toBe(0);
    expect(await hitsIn(database)).toBe(8);
    const kept = path.join(path.dirname(database), (await asideFiles())[0] ?? '');
    expect(await contentOf(kept)).toEqual({ hits: 3, held: 'yes' });
  });
});

async function held(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [helper.file, 'hold', database], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

it('killed at any time, it leaves the one or the other, whole', async () => {
  // Large enough to take a while.
  await rm(backup);
  await help('fill', path.join(folder, 'other.sqlite'), backup);
  await mkdir(path.join(folder, 'saved'));
  const saved = path.join(folder, 'saved', 'observatory.sqlite');
  await copyFile(database, saved);
  // The shortest of some: kills spread over what once took long would nearly all come after the end.
  let whole = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const began = performance.now();
    expect((await restore()).code).toBe(0);
    whole = Math.min(whole, performance.now() - began);
  }
  const left = { before: 0, after: 0 };
  for (let kill = 0; kill < KILLS; kill++) {
    await rm(path.dirname(database), { recursive: true });
    await mkdir(path.dirname(database));
    await copyFile(saved, database);
    const child = spawn(process.execPath, [restorer.file, database, backup], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await sleep((whole * 1.1 * (kill + 0.5)) / KILLS);
    child.kill('SIGKILL');
    await ended;
    const hits = await hitsIn(database);
    expect([3, 8]).toContain(hits);
    left[hits === 3 ? 'before' : 'after']++;
  }
  expect(left.before).toBeGreaterThan(KILLS / 4);
  // What was left of the last one does not matter.
  expect((await restore()).code).toBe(0);
  expect(await hitsIn(database)).toBe(8);
  expect((await inFolder()).some((name) => name.includes('restoring'))).toBe(false);
}, 180_000);
