import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { openDatabase } from '../lib/store/sqlite/driver';
import { MIGRATIONS } from '../lib/store/sqlite/schema';
import { MINUTE } from '../lib/util/time';
import { fakeTailscaled } from './fakes/tailscaled';
import { startApp } from './harness/app';

const FILE = 'observatory.sqlite';
const HITS = 25;
let folder: string;
let tailscaled: Awaited<ReturnType<typeof fakeTailscaled>>;
/** A database this version has written, with hits in it. */
let written: string;

const total = async (url: string): Promise<number> => {
  const usage = await fetch(`${url}/analytics/dashboard-usage?days=1&bots=true`);
  return ((await usage.json()) as { total_accesses: number }).total_accesses;
};
const start = (dataDir: string) =>
  startApp({
    dataDir,
    env: {
      TAILSCALE_SOCKET: tailscaled.socketPath,
      ACCESS_LOG: path.join(folder, 'access.log'),
    },
  });
const version = async (dataDir: string) => {
  const db = await openDatabase(path.join(dataDir, FILE), true);
  const found = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  db.close();
  return found;
};
const copyOf = async (name: string) => {
  const dataDir = path.join(folder, name);
  await cp(written, dataDir, { recursive: true });
  return dataDir;
};

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'upgrade-'));
  tailscaled = await fakeTailscaled({ status: 'status-direct.json' });
  const time = new Date(Date.now() - MINUTE).toISOString().replace(/\.\d+Z$/, '+00:00');
  const line = `{"time":"${time}","remote_addr":"100.64.0.2","method":"GET","uri":"/x","status":200,"bytes":3,"request_time":0.01,"user_agent":"Mozilla/5.0 Firefox/144.0"}\n`;
  await writeFile(path.join(folder, 'access.log'), line.repeat(HITS));
  written = path.join(folder, 'written');
  const app = await start(written);
  await expect.poll(() => total(app.url), { timeout: 15_000 }).toBe(HITS);
  expect(await app.stop()).toBe(0);
});
test.afterAll(async () => {
  await tailscaled.close();
  await rm(folder, { recursive: true, force: true });
});

const nameOf = ({ name }: Record<string, unknown>) => String(name);

/** Takes from a database what later versions added, so that it is as version `target` wrote it. */
async function turnBack(dataDir: string, target: number): Promise<void> {
  const names = `SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'`;
  const then = await openDatabase(':memory:');
  for (const step of MIGRATIONS.slice(0, target)) then.exec(step);
  const columns = 'SELECT name FROM pragma_table_info(?)';
  const columnsThen = (table: string) => new Set(then.prepare(columns).all(table).map(nameOf));
  const had = new Map(
    then
      .prepare(names)
      .all()
      .map((row) => [nameOf(row), columnsThen(nameOf(row))]),
  );
  then.close();
  const db = await openDatabase(path.join(dataDir, FILE));
  for (const { type, name } of db.prepare(names).all()) {
    if (type !== 'table') continue;
    const kept = had.get(String(name));
    if (!kept) db.exec(`DROP TABLE ${name}`);
    else
      for (const column of db.prepare(columns).all(String(name)).map(nameOf))
        if (!kept.has(column)) db.exec(`ALTER TABLE ${name} DROP COLUMN ${column}`);
  }
  db.exec(`PRAGMA user_version=${target}`);
  db.close();
}

for (let from = 1; from < MIGRATIONS.length; from++) {
  test(`a database of schema ${from} is brought up to date at the start, with every hit in it`, async () => {
    const dataDir = await copyOf(`schema-${from}`);
    await turnBack(dataDir, from);
    expect(await version(dataDir)).toBe(from);
    const app = await start(dataDir);
    await app.waitHealthy();
    expect(await total(app.url)).toBe(HITS);
    expect((await fetch(`${app.url}/health-monitoring/alerts`)).status).toBe(200);
    expect(await app.stop()).toBe(0);
    expect(await version(dataDir)).toBe(MIGRATIONS.length);
  });
}

test('a database of a newer version is refused in words, and not a byte of it is touched', async () => {
  const dataDir = await copyOf('newer');
  const db = await openDatabase(path.join(dataDir, FILE));
  db.exec(`PRAGMA user_version=${MIGRATIONS.length + 1}`);
  db.close();
  const bytes = () => readFile(path.join(dataDir, FILE));
  const before = await bytes();
  await expect(start(dataDir)).rejects.toThrow(
    /written by a newer version of this program.*Start the newer version, or set DATA_DIR/,
  );
  expect(before.equals(await bytes())).toBe(true);
  // What the refused look at it leaves beside it is empty.
  const left = await stat(path.join(dataDir, `${FILE}-wal`)).catch(() => ({ size: 0 }));
  expect(left.size).toBe(0);
});
