import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from '../../e2e/fakes/bundle';
import { Ingest } from '../collect/ingest';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { DAY } from '../util/time';

/** The real ingest in its own process, pass after pass, until it is killed. */
const PROGRAM = `
import { Ingest } from './lib/collect/ingest';
import { openSqliteStores } from './lib/store/sqlite/stores';
const [log, database, format] = process.argv.slice(2);
const store = await openSqliteStores(database);
const ingest = new Ingest(store, { pattern: log, format, backfill: true }, () =>
  process.stdout.write('.'),
);
for (;;) {
  await ingest.run();
  await new Promise((resolve) => setTimeout(resolve, 5));
}
`;
const KILLS = 40;
const LINES_A_ROUND = 9_000;
const START = Date.UTC(2026, 10, 20);
const RANGE = { from: START, to: START + DAY };
const FILTER = { bots: true, nonTailnet: true };

let folder: string;
let program: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kill-'));
  program = await bundle('ingest-kill', { contents: PROGRAM });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await program.remove();
});

it('stores every hit once and loses none, however often the process is killed', async () => {
  const log = path.join(folder, 'access.log');
  const database = path.join(folder, 'data', 'observatory.sqlite');
  let written = 0;
  const more = () => {
    const lines: string[] = [];
    for (let i = 0; i < LINES_A_ROUND; i++, written++) {
      const minute = String(Math.floor(written / 100) % 60).padStart(2, '0');
      lines.push(
        `100.64.0.${1 + (written % 200)} - - [20/Nov/2026:${String(written % 24).padStart(2, '0')}:${minute}:00 +0000] "GET /hit?n=${written} HTTP/1.1" 200 ${written} "-" "Mozilla/5.0" 0.010\n`,
      );
    }
    return lines.join('');
  };
  await writeFile(log, more());
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, [program.file, log, database], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await firstSign(child);
    await appendFile(log, more());
    await sleep(Math.random() * 60);
    // Some rounds rotate the log while the process runs; the kill may come in between.
    if (kill % 7 === 3) {
      await rename(log, `${log}.${String(100 - kill)}`);
      if (kill % 2 === 0) await sleep(Math.random() * 20);
      await writeFile(log, more());
    }
    await sleep(Math.random() * 40);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  const child = spawn(process.execPath, [program.file, log, database], { stdio: 'ignore' });
  const store = await openSqliteStores(database);
  const total = async () => (await store.accesses.totals(RANGE, FILTER)).hits;
  for (let i = 0; i < 200 && (await total()) < written; i++) await sleep(100);
  await sleep(300);
  child.kill('SIGKILL');
  await expectOnceEach(store, written);
  expect(await total()).toBe(written);
  await store.close();
}, 120_000);

const odd = (n: number) =>
  `100.64.0.${1 + (n % 200)} ~ 20/Nov/2026:${String(n % 24).padStart(2, '0')}:00:00 +0000 ~ GET /hit HTTP/1.1 ~ 200 ~ ${n}\n`;
const ODD = '$remote_addr ~ $time_local ~ $request ~ $status ~ $body_bytes_sent';

it('what was rejected and is read again is stored once, however often the process is killed', async () => {
  const log = path.join(folder, 'odd.log');
  const database = path.join(folder, 'odd', 'observatory.sqlite');
  let written = 0;
  const more = (count: number) => Array.from({ length: count }, () => odd(written++)).join('');
  await writeFile(`${log}.1`, more(90_000));
  await writeFile(log, more(60_000));
  const before = await openSqliteStores(database);
  await new Ingest(before, { pattern: log, format: undefined, backfill: true }).run();
  expect((await before.rejectedLines.rejected()).total).toBe(written);
  await before.close();
  let unread = written;
  let killedInBetween = 0;
  for (let kill = 0; kill < 40 && unread > 0; kill++) {
    const child = spawn(process.execPath, [program.file, log, database, ODD], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // Its first commit.
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    await sleep(Math.random() * 40);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    await appendFile(log, more(500));
    const now = await openSqliteStores(database);
    unread = (await now.rejectedLines.rejected()).total;
    await now.close();
    if (unread > 0 && unread < 150_000) killedInBetween++;
  }
  expect(killedInBetween).toBeGreaterThan(0);
  const store = await openSqliteStores(database);
  await new Ingest(store, { pattern: log, format: ODD, backfill: true }).run();
  await expectOnceEach(store, written);
  expect((await store.rejectedLines.rejected()).total).toBe(0);
  await store.close();
}, 120_000);

/** Expects every hit from 0 up to `written` to be stored once, identified by the size of its response. */
async function expectOnceEach(store: Stores, written: number): Promise<void> {
  const seen = new Uint8Array(written);
  let cursor: string | null = null;
  do {
    const page = await store.accesses.hits(RANGE, FILTER, 50_000, cursor);
    for (const hit of page.hits) seen[hit.bytes ?? -1] = (seen[hit.bytes ?? -1] ?? 0) + 1;
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen.filter((n) => n === 0)).toHaveLength(0);
  expect(seen.filter((n) => n > 1)).toHaveLength(0);
}

/** Resolves when the child has finished or begun a pass, or after a third of a second. */
async function firstSign(child: ChildProcess): Promise<void> {
  await Promise.race([new Promise((resolve) => child.stdout?.once('data', resolve)), sleep(330)]);
}
