import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundle } from '../../e2e/fakes/bundle';
import { LOG_LINES, type LoggedRequest } from '../../e2e/fakes/log-lines';
import { Ingest } from '../collect/ingest';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { DAY } from '../util/time';

const START = Date.UTC(2026, 10, 20);
const ALL = { bots: true, nonTailnet: true };
const RANGE = { from: START, to: START + DAY };

/** The `n`th request: identified by the size of its response. */
const request = (n: number): LoggedRequest => ({
  time: START + (n % 86_400) * 1_000,
  ip: `100.64.0.${1 + (n % 200)}`,
  method: 'GET',
  path: '/hit',
  query: '',
  status: 200,
  bytes: n,
  responseMs: 10,
  userAgent: 'Mozilla/5.0',
});
const linesOf = (format: keyof typeof LOG_LINES, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${LOG_LINES[format](request(from + i))}\n`).join('');

let folder: string;
let program: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'import-'));
  program = await bundle('import', { entryPoints: ['lib/runtime/import.ts'] });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await program.remove();
});

describe('npm run import', () => {
  let logs: string;
  let dataDir: string;
  beforeEach(async () => {
    logs = await mkdtemp(path.join(folder, 'logs-'));
    dataDir = path.join(logs, 'data');
  });
  const at = (name: string) => path.join(logs, name);
  const start = (...files: string[]): ChildProcess =>
    spawn(process.execPath, [program.file, '--', ...files], {
      env: { ...process.env, DATA_DIR: dataDir },
    });
  async function runImport(...files: string[]) {
    const child = start(...files);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data) => {
        output += data;
      });
    }
    const [code] = await once(child, 'close');
    return { code, output };
  }
  const withStore = async <T>(work: (store: Stores) => Promise<T>): Promise<T> => {
    const store = await openSqliteStores(path.join(dataDir, 'observatory.sqlite'));
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  const follow = (pattern: string, backfill = true) =>
    withStore((store) => new Ingest(store, { pattern, format: undefined, backfill }).run());
  /** Expects every request from 0 up to `to` to be stored once. */
  const expectOnceEach = (to: number) =>
    withStore(async (store) => {
      const seen = new Map<number | null, number>();
      let cursor: string | null = null;
      do {
        const page = await store.accesses.hits(RANGE, ALL, 20_000, cursor);
        for (const { bytes } of page.hits) seen.set(bytes, (seen.get(bytes) ?? 0) + 1);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect([...seen.values()].filter((times) => times > 1)).toHaveLength(0);
      expect(seen.size).toBe(to);
      expect((await store.accesses.totals(RANGE, ALL)).hits).toBe(to);
    });

  it('takes several files, globs, formats and compressions, counts them, and a second time nothing', async () => {
    await writeFile(at('access.log'), linesOf('combined', 0, 100));
    await writeFile(at('access.log.1'), `${linesOf('combined', 100, 200)}no access\n`);
    await writeFile(at('access.log.2.gz'), gzipSync(linesOf('combined', 200, 300)));
    await writeFile(at('caddy.json'), linesOf('Caddy JSON', 300, 350));
    await writeFile(at('haproxy.log'), linesOf('HAProxy', 350, 400));
    await writeFile(at('not-asked-for.log'), linesOf('combined', 900, 950));
    await writeFile(at('haproxy.log.1'), linesOf('HAProxy', 950, 999));
    const files = [at('access.log*'), at('caddy.json'), at('haproxy.log')];
    const { code, output } = await runImport(...files);
    expect(output).toContain('5 files, 401 lines: 400 hits stored, 1 rejected, 0 of no access.');
    expect(code).toBe(0);
    await expectOnceEach(400);
    const again = await runImport(...files);
    expect(again.output).toContain('5 files, 0 lines: 0 hits stored');
    expect(again.output).toContain('Nothing new in 5 files');
    await expectOnceEach(400);
  });

  it.skipIf(spawnSync('zstd', ['--version']).status !== 0)('reads .zst too', async () => {
    await writeFile(at('access.log.1'), linesOf('combined', 0, 100));
    spawnSync('zstd', ['-q', '--rm', at('access.log.1')]);
    expect((await runImport(at('access.log.1.zst'))).output).toContain('100 hits stored');
    await expectOnceEach(100);
  });

  it('what the service has read is not counted again: as it is, renamed, compressed, or a copy elsewhere', async () => {
    await writeFile(at('access.log'), linesOf('combined', 0, 100));
    await follow(at('access.log'));
    await runImport(at('access.log'));
    await mkdir(at('old'));
    await copyFile(at('access.log'), at('old/copy.log'));
    await writeFile(at('old/copy.gz'), gzipSync(linesOf('combined', 0, 100)));
    await rename(at('access.log'), at('access.log-20261120'));
    const { output } = await runImport(at('access.log-20261120'), at('old/copy.log'));
    expect(output).toContain(' 0 hits stored');
    expect((await runImport(at('old/copy.gz'))).output).toContain(' 0 hits stored');
    // What the copy has beyond it is new.
    await writeFile(at('old/copy.log'), linesOf('combined', 0, 130));
    await runImport(at('old/copy.log'));
    await expectOnceEach(130);
  });

  it('what is there several times is counted once', async () => {
    await writeFile(at('a.log'), linesOf('combined', 0, 100));
    await mkdir(at('old'));
    await copyFile(at('a.log'), at('old/b.log'));
    await copyFile(at('a.log'), at('a.log.1'));
    await writeFile(at('c.log.gz'), gzipSync(linesOf('combined', 0, 100)));
    // Begins like them, and is another one.
    await writeFile(at('d.log'), linesOf('combined', 0, 1) + linesOf('combined', 100, 120));
    await runImport(at('*.log*'), at('old/*'));
    await withStore(async (store) =>
      expect((await store.accesses.totals(RANGE, ALL)).hits).toBe(121),
    );
  });

  it('what was imported is not counted again by the service, which goes on behind it', async () => {
    await writeFile(at('access.log.1'), linesOf('combined', 0, 50));
    await writeFile(at('access.log'), linesOf('combined', 50, 80));
    await runImport(at('access.log*'));
    const rollUp = () =>
      withStore(async (store) => {
        while (await store.maintenance.rollUp(Date.UTC(2027, 0, 1)));
      });
    await rollUp();
    await writeFile(at('access.log'), linesOf('combined', 50, 100));
    await follow(at('access.log'));
    // Into hours that have been rolled up to days.
    await writeFile(at('older.log'), linesOf('combined', 100, 140));
    await runImport(at('older.log'));
    await expectOnceEach(140);
    await rollUp();
    await expectOnceEach(140);
  });

  it('takes rotated files that the first start skipped', async () => {
    await writeFile(at('access.log.1.gz'), gzipSync(linesOf('combined', 0, 50)));
    await writeFile(at('access.log'), linesOf('combined', 50, 60));
    await follow(at('access.log'), false);
    await withStore(async (store) =>
      expect((await store.accesses.totals(RANGE, ALL)).hits).toBe(0),
    );
    await runImport(at('access.log.1.gz'));
    await expectOnceEach(50);
  });

  it('what cannot be read is said, and the rest is taken', async () => {
    await writeFile(at('access.log'), linesOf('combined', 0, 10));
    const whole = gzipSync(linesOf('combined', 10, 5_000));
    await writeFile(at('damaged.log.gz'), whole.subarray(0, whole.length / 2));
    const { code, output } = await runImport(
      at('access.log'),
      at('damaged.log.gz'),
      at('gone.log'),
    );
    expect(code).toBe(1);
    expect(output).toMatch(/damaged\.log\.gz ends in the middle of its compressed data/);
    expect(output).toMatch(/nothing matches .*gone\.log/);
    expect(output).toContain('hits stored');
  });

  it('killed at any moment and run again, it loses and doubles nothing', async () => {
    const lines = 90_000;
    await writeFile(at('access.log.2.gz'), gzipSync(linesOf('combined', 0, lines)));
    await writeFile(at('access.log.1'), linesOf('combined', lines, 2 * lines));
    await writeFile(at('caddy.log'), linesOf('Caddy JSON', 2 * lines, 3 * lines));
    const files = [at('access.log.*'), at('caddy.log')];
    let killed = 0;
    for (let round = 0; round < 12; round++) {
      const child = start(...files);
      const ended = once(child, 'exit');
      await Promise.race([ended, sleep(150 + round * 90)]);
      if (child.exitCode === null) killed++;
      child.kill('SIGKILL');
      await ended;
    }
    expect(killed).toBeGreaterThan(3);
    expect((await runImport(...files)).code).toBe(0);
    await expectOnceEach(3 * lines);
  }, 120_000);

  it('beside a running service and another import of the same files, each hit is stored once', async () => {
    const lines = 60_000;
    await writeFile(at('access.log.1'), linesOf('combined', 0, lines));
    await writeFile(at('access.log'), linesOf('combined', lines, 2 * lines));
    const imports = [runImport(at('access.log*')), runImport(at('access.log'))];
    await follow(at('access.log'));
    for (const { code } of await Promise.all(imports)) expect(code).toBe(0);
    await follow(at('access.log'));
    await expectOnceEach(2 * lines);
  }, 60_000);
});
