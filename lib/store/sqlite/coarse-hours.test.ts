import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COARSE_LATENCY_ERROR, LATENCY_ERROR } from '../../domain/latency';
import { HitBlockBuilder } from '../../rollup/hit-block';
import { emptyRow } from '../../rollup/hit-row';
import { RESOLUTIONS } from '../../rollup/resolutions';
import { packedCoarsely } from '../../rollup/test-coarse';
import { DAY, HOUR } from '../../util/time';
import type { Stores } from '../ports/stores';
import { type Database, openDatabase } from './driver';
import { MIGRATIONS } from './schema';
import { openSqliteStores } from './stores';

const T0 = Date.UTC(2026, 10, 20);
const ALL = { bots: false, nonTailnet: false };
/** The schema's version whose roll-ups had coarse buckets. */
const BEFORE = 8;

/** Two weeks; the hits of the first three days are gone, as after retention. */
const HOURS = 14 * 24;
const GONE = 3 * 24;
const timesOf = (hour: number) => Array.from({ length: 10 }, (_, i) => (hour % 40) * 3 + i * 17);

describe('a database with coarse roll-ups', () => {
  let folder: string;
  let file: string;
  let stores: Stores;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'coarse-'));
    file = path.join(folder, 'observatory.sqlite');
    const db = await openDatabase(file);
    for (const step of MIGRATIONS.slice(0, BEFORE)) db.exec(step);
    db.exec(`PRAGMA user_version=${BEFORE}`);
    fill(db);
    db.close();
    stores = await openSqliteStores(file);
  });
  afterEach(async () => {
    await stores.close();
    await rm(folder, { recursive: true, force: true });
  });

  const usage = (from: number, to: number) =>
    stores.accesses.usage({ from: T0 + from * HOUR, to: T0 + to * HOUR }, ALL);
  const exactOf = (from: number, to: number) => {
    const all = Array.from({ length: to - from }, (_, i) => timesOf(from + i)).flat();
    return all.sort((a, b) => a - b)[Math.ceil(0.95 * all.length) - 1] ?? 0;
  };
  const within = (found: number | null, exact: number, error: number) =>
    expect(Math.abs((found ?? 0) - exact)).toBeLessThanOrEqual(exact * error);
  const recountAll = async () => {
    while (await stores.maintenance.recount(0));
  };
  const rollUpAll = async () => {
    while (await stores.maintenance.rollUp(T0 + 60 * DAY));
  };

  it('is read at once, and says how exact it is', async () => {
    const before = await usage(0, HOURS);
    expect(before.totalAccesses).toBe(HOURS * 10);
    expect(before.responseTimeError).toBe(COARSE_LATENCY_ERROR);
    within(before.p95Ms, exactOf(0, HOURS), COARSE_LATENCY_ERROR);
    // Hits at the ends of a range are counted one by one.
    const hits = { from: T0 + 100 * HOUR + 1, to: T0 + 101 * HOUR - 1 };
    expect((await stores.accesses.usage(hits, ALL)).responseTimeError).toBe(LATENCY_ERROR);
  });

  it('is counted again where hits are kept, and says so until then', async () => {
    const before = await usage(0, HOURS);
    await recountAll();
    await rollUpAll();
    const after = await usage(GONE, HOURS);
    expect(after.responseTimeError).toBe(LATENCY_ERROR);
    within(after.p95Ms, exactOf(GONE, HOURS), LATENCY_ERROR);
    const whole = await usage(0, HOURS);
    expect(whole.responseTimeError).toBe(COARSE_LATENCY_ERROR);
    const { p50Ms, p95Ms, topEndpoints, byHost, ...counts } = whole;
    expect({ ...before, ...counts }).toEqual({ ...before });
    expect(byHost).toMatchObject([{ hits: HOURS * 10, errors: 0, p50Ms, p95Ms }]);
    const [top] = topEndpoints;
    expect(top).toMatchObject({ hits: HOURS * 10, errors: 0, p50Ms, p95Ms });
  });

  it('goes on where it was interrupted, with the right numbers at every moment', async () => {
    const { totalAccesses, bytes } = await usage(0, HOURS);
    let calls = 0;
    for (;;) {
      const more = await stores.maintenance.recount(0);
      expect(await usage(0, HOURS)).toMatchObject({ totalAccesses, bytes });
      expect((await usage(GONE, HOURS)).totalAccesses).toBe((HOURS - GONE) * 10);
      calls++;
      if (!more) break;
      // As if it were killed: another process opens what the transactions have left.
      await stores.close();
      stores = await openSqliteStores(file);
    }
    expect(calls).toBeGreaterThan(20);
    expect((await usage(GONE, HOURS)).responseTimeError).toBe(LATENCY_ERROR);
    await rollUpAll();
    expect((await usage(GONE, HOURS)).responseTimeError).toBe(LATENCY_ERROR);
  });

  it('keeps an hour’s counts when some of its hits are gone', async () => {
    await stores.close();
    const db = await openDatabase(file);
    db.prepare('UPDATE hit_blocks SET hits = ? WHERE hour = ?').run(
      blockOf(200, 4),
      T0 + 200 * HOUR,
    );
    db.close();
    stores = await openSqliteStores(file);
    await recountAll();
    expect((await usage(200, 201)).totalAccesses).toBe(10);
    expect((await usage(200, 201)).responseTimeError).toBe(COARSE_LATENCY_ERROR);
    expect((await usage(201, 202)).responseTimeError).toBe(LATENCY_ERROR);
  });
});

function hitsOf(hour: number) {
  return timesOf(hour).map((responseMs, i) => ({
    ...emptyRow(),
    ...{ file: 1, offset: hour * 100 + i, time: T0 + hour * HOUR + i * 60_000 },
    ...{ visitor: 1, endpoint: 1, status: 200, bytes: 10, responseMs },
  }));
}

function blockOf(hour: number, most = 10): Uint8Array {
  const block = new HitBlockBuilder(T0 + hour * HOUR);
  for (const hit of hitsOf(hour).slice(0, most)) {
    block.add({ ...hit, method: block.string('GET'), path: block.string('/'), ip: 0 });
  }
  return block.pack();
}

function fill(db: Database): void {
  db.exec("INSERT INTO endpoints VALUES (1, '/')");
  db.exec("INSERT INTO visitors (id, ip, kind, current) VALUES (1, '100.64.0.1', 'tailnet', 1)");
  const addRollUp = db.prepare(
    'INSERT INTO rollups (step, start, cells, details) VALUES (?, ?, ?, ?)',
  );
  const addBlock = db.prepare('INSERT INTO hit_blocks (hour, n, hits) VALUES (?, 10, ?)');
  for (const resolution of RESOLUTIONS) {
    const length = resolution / HOUR;
    const first = Math.ceil(T0 / resolution) * resolution;
    for (let start = first; start + resolution <= T0 + HOURS * HOUR; start += resolution) {
      const hour = (start - T0) / HOUR;
      const hits = Array.from({ length }, (_, i) => hitsOf(hour + i)).flat();
      const { rows, details } = packedCoarsely(hits);
      addRollUp.run(resolution, start, rows, details);
      if (length === 1 && hour >= GONE) addBlock.run(start, blockOf(hour));
    }
  }
}
