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
  const then = await openDatabase(':memory:');
  for (const step of MIGRATIONS.slice(0, target)) then.exec(step);
  const db = await openDatabase(path.join(dataDir, FILE));
  const tables = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`;
  const indexes = `SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`;
  const columns = 'SELECT name FROM pragma_table_info(?)';
  const made = `SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'table' DESC`;
  for (const name of db.prepare(tables).all().map(nameOf)) {
    const kept = then.prepare(columns).all(name).map(nameOf);
    if (kept.length === 0) db.exec(`DROP TABLE ${name}`);
    if (kept.length === 0 || kept.length === db.prepare(columns).all(name).length) continue;
    // Made anew, since a column that a constraint is about cannot be dropped.
    const values = kept.map((column) => `"${column}"`).join(', ');
    db.exec(`CREATE TEMP TABLE newer AS SELECT * FROM ${name}; DROP TABLE ${name}`);
    for (const { sql } of then.prepare(made).all(name)) db.exec(String(sql));
    db.exec(`INSERT OR IGNORE INTO ${name} (${values}) SELECT ${values} FROM newer`);
    db.exec('DROP TABLE newer');
  }
  const had = new Set(then.prepare(indexes).all().map(nameOf));
  for (const name of db.prepare(indexes).all().map(nameOf)) {
    if (!had.has(name)) db.exec(`DROP INDEX ${name}`);
  }
  then.close();
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
