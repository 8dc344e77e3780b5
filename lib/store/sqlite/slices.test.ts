import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccessFilter, Hit } from '../../domain/access';
import { HitBlockBuilder } from '../../rollup/hit-block';
import { emptyRow } from '../../rollup/hit-row';
import { HOURLY, SIX_HOURLY } from '../../rollup/resolutions';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import { MOST_UNDIVIDED } from '../../rollup/slices';
import { HOUR, MINUTE } from '../../util/time';
import { ALL, aHit, putHits, T0 } from '../contract/samples';
import type { Stores } from '../ports/stores';
import { openDatabase } from './driver';
import { SqliteHits } from './hit-source';
import { MIGRATIONS } from './schema';
import { openSqliteStores } from './stores';

/** The schema's version before there were slices. */
const BEFORE = MIGRATIONS.findIndex((step) => step.includes('first_visitor'));
const VISITORS = 60;
const ENDPOINTS = 97;
const STATUSES = [200, 304, 404, 500];

const ipOf = (visitor: number) => `100.64.1.${visitor}`;
/** Hits of an hour by sixty visitors, all in order of time, and more rows of its roll-up than are left undivided. */
const hitsOf = (hour: number, count: number): Hit[] =>
  Array.from({ length: count }, (_, i) =>
    aHit(hour * 10_000 + i, {
      time: T0 + hour * HOUR + Math.floor((i / count) * HOUR),
      ip: ipOf((i * 7) % VISITORS),
      endpoint: `/e${i % ENDPOINTS}`,
      path: `/e${i % ENDPOINTS}`,
      status: STATUSES[i % 4] ?? 200,
      responseMs: i % 300,
    }),
  );

const FILTERS: [AccessFilter, (hit: Hit) => boolean][] = [
  [ALL, () => true],
  [{ ...ALL, device: ipOf(7) }, ({ ip }) => ip === ipOf(7)],
  [
    { ...ALL, device: { is: [ipOf(3), ipOf(40), ipOf(59)], not: [] }, status: { class: 4 } },
    ({ ip, status }) => [3, 40, 59].map(ipOf).includes(ip) && status === 404,
  ],
  [{ ...ALL, device: { is: [], not: [ipOf(7)] } }, ({ ip }) => ip !== ipOf(7)],
  [{ ...ALL, device: 'nobody' }, () => false],
  [{ ...ALL, endpoint: '/e5' }, ({ endpoint }) => endpoint === '/e5'],
];

describe('slices by visitor', () => {
  let folder: string;
  let file: string;
  let stores: Stores;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'slices-'));
    file = path.join(folder, 'observatory.sqlite');
  });
  afterEach(async () => {
    await stores.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Every answer is what a plain loop over the hits finds. */
  const expectAnswers = async (hits: readonly Hit[]) => {
    const range = { from: T0 + MINUTE, to: T0 + 5 * HOUR + 30 * MINUTE };
    const inRange = hits.filter(({ time }) => time >= range.from && time < range.to);
    for (const [filter, matches] of FILTERS) {
      const said = JSON.stringify(filter);
      const expected = inRange.filter(matches);
      const usage = await stores.accesses.usage(range, filter);
      expect(usage.totalAccesses, said).toBe(expected.length);
      expect(usage.bytes, said).toBe(expected.length * 100);
      expect((await stores.accesses.totals(range, filter)).hits, said).toBe(expected.length);
      const newest = expected.map(({ position }) => position.offset).toReversed();
      const page = await stores.accesses.hits(range, filter, 150, null);
      expect(
        page.hits.map(({ time }) => time),
        said,
      ).toEqual(
        expected
          .map(({ time }) => time)
          .toReversed()
          .slice(0, 150),
      );
      expect(page.nextCursor === null, said).toBe(newest.length <= 150);
    }
  };
  const counted = async (sql: string, ...values: number[]) => {
    const db = await openDatabase(file, true);
    const rows = db.prepare(sql).all(...values);
    db.close();
    return rows;
  };
  const blocksOf = (hour: number) =>
    counted(
      'SELECT id, n, last_visitor FROM hit_blocks WHERE hour = ? ORDER BY id',
      T0 + hour * HOUR,
    );
  const slicesOf = (resolution: number, start: number) =>
    counted('SELECT id, last_visitor FROM rollups WHERE step = ? AND start = ?', resolution, start);
  const rollUpAll = async (now = T0 + 8 * HOUR) => {
    while (await stores.maintenance.rollUp(now));
  };

  it('are written by a large commit, and only those of wanted visitors are read', async () => {
    stores = await openSqliteStores(file);
    const hits = [...hitsOf(0, 6_000), ...hitsOf(1, 500)];
    await putHits(stores.ingest, hits);
    await expectAnswers(hits);
    expect((await blocksOf(0)).length).toBeGreaterThan(5);
    expect((await slicesOf(HOURLY, T0)).length).toBeGreaterThan(4);
    expect(await blocksOf(1)).toHaveLength(1);
    const db = await openDatabase(file, true);
    const source = new SqliteHits(db);
    const wanted = [{ first: 30, last: 30 }];
    for (const rows of [source.blocks(T0, wanted), source.rows(HOURLY, T0, wanted)]) {
      expect(rows).toHaveLength(1);
      expect(rows[0]?.n).toBeLessThanOrEqual(MOST_UNDIVIDED / 2);
      expect([...(rows[0]?.columns.visitor ?? [])]).toContain(30);
    }
    expect(source.rollUp(HOURLY, T0, [])).toEqual([]);
    db.close();
    await rollUpAll();
    expect((await slicesOf(SIX_HOURLY, T0)).length).toBeGreaterThan(4);
    await expectAnswers(hits);
  });

  it('are read as they were when a question began, so that nothing wrong is remembered', async () => {
    stores = await openSqliteStores(file);
    const later = Array.from({ length: 16 }, (_, i) => hitsOf(10 + i, 60));
    const hits = [...hitsOf(9, 6_000), ...later.flat()];
    const rareOf = (offset: number, ip: string) =>
      aHit(offset, { time: T0 + 9 * HOUR + MINUTE, ip, endpoint: '/rare' });
    await putHits(stores.ingest, [...hits, rareOf(300_000, ipOf(3))]);
    await rollUpAll(T0 + 30 * HOUR);
    const other = await openSqliteStores(file);
    const range = { from: T0, to: T0 + 30 * HOUR };
    const filter = {
      ...ALL,
      device: { is: [ipOf(3), ipOf(40)], not: [] },
      endpoint: { prefix: '/rare' },
    };
    const list = async () => {
      const { hits } = await stores.accesses.hits(range, filter, 50, null);
      return hits.map(({ ip }) => ip);
    };
    // After what a longer roll-up has was read, another thread commits a late hit of another device.
    const { rows } = SqliteHits.prototype;
    let reads = 0;
    const reading = vi.spyOn(SqliteHits.prototype, 'rows').mockImplementation(function (
      this: SqliteHits,
      ...args
    ) {
      const read = rows.apply(this, args);
      const isLong = args[0] > HOURLY;
      if (isLong && reads++ === 0) void putHits(other.ingest, [rareOf(400_000, ipOf(40))]);
      return read;
    });
    expect(await list()).toEqual([ipOf(3)]);
    reading.mockRestore();
    expect(reads).toBeGreaterThan(0);
    expect(await list()).toEqual([ipOf(40), ipOf(3)]);
    await other.close();
  });

  it('are made of what was written a few hits at a time, once its hour is over', async () => {
    stores = await openSqliteStores(file);
    const hits = hitsOf(0, 6_000);
    for (let i = 0; i < hits.length; i += 200) {
      await putHits(stores.ingest, hits.slice(i, i + 200));
    }
    const before = await blocksOf(0);
    await stores.maintenance.rollUp(T0 + HOUR + MINUTE);
    expect(await blocksOf(0)).toEqual(before);
    await expectAnswers(hits);
    await rollUpAll();
    const divided = await blocksOf(0);
    for (const slice of divided) expect(slice.last_visitor).not.toBeNull();
    expect(divided.reduce((sum, { n }) => sum + Number(n), 0)).toBe(hits.length);
    await expectAnswers(hits);
    // Late hits are added, and what is divided stays.
    const late = [aHit(9_999, { time: T0 + HOUR - 1, ip: ipOf(7), endpoint: '/e5', status: 404 })];
    await putHits(stores.ingest, late);
    await rollUpAll();
    expect((await blocksOf(0)).slice(0, divided.length)).toEqual(divided);
    await expectAnswers([...hits, ...late]);
  });

  it('are made of an earlier version’s, with the right answers at every moment', async () => {
    const hits = [...hitsOf(0, 6_000), ...hitsOf(1, 500), ...hitsOf(2, 5_000)];
    await writeBefore(file, hits);
    stores = await openSqliteStores(file);
    await expectAnswers(hits);
    const small = await blocksOf(1);
    for (let more = true; more; ) {
      more = await stores.maintenance.rollUp(T0 + 8 * HOUR);
      await expectAnswers(hits);
      // As if it were killed: another process opens what the transactions have left.
      await stores.close();
      stores = await openSqliteStores(file);
    }
    for (const hour of [0, 2]) {
      expect((await blocksOf(hour)).length).toBeGreaterThan(4);
      const slices = await slicesOf(HOURLY, T0 + hour * HOUR);
      expect(slices.length).toBeGreaterThan(3);
      for (const slice of slices) expect(slice.last_visitor).not.toBeNull();
    }
    expect((await slicesOf(SIX_HOURLY, T0)).length).toBeGreaterThan(3);
    expect(await blocksOf(1)).toEqual(small);
    expect(await counted("SELECT * FROM state WHERE key = 'undivided_rollups'")).toEqual([]);
  });
});

/** Writes hits as the version before did: a block and a roll-up per hour, and one of six hours. */
async function writeBefore(file: string, hits: readonly Hit[]): Promise<void> {
  const db = await openDatabase(file);
  for (const step of MIGRATIONS.slice(0, BEFORE)) db.exec(step);
  db.exec(`PRAGMA user_version=${BEFORE}`);
  const addVisitor = db.prepare(
    "INSERT INTO visitors (id, ip, kind, current) VALUES (?, ?, 'tailnet', 1)",
  );
  for (let id = 1; id <= VISITORS; id++) addVisitor.run(id, ipOf(id - 1));
  const addEndpoint = db.prepare("INSERT INTO endpoints VALUES (?, '', ?)");
  for (let id = 1; id <= ENDPOINTS; id++) addEndpoint.run(id, `/e${id - 1}`);
  const addRollUp = db.prepare(
    'INSERT INTO rollups (step, start, cells, details) VALUES (?, ?, ?, ?)',
  );
  const addBlock = db.prepare('INSERT INTO hit_blocks (hour, n, hits) VALUES (?, ?, ?)');
  const whole = new RollUpBuilder();
  for (let hour = T0; hour < T0 + SIX_HOURLY; hour += HOUR) {
    const block = new HitBlockBuilder(hour);
    const sum = new RollUpBuilder();
    for (const hit of hits) {
      if (hit.time < hour || hit.time >= hour + HOUR) continue;
      const row = {
        ...emptyRow(),
        ...{ ...hit.position, time: hit.time, status: hit.status ?? 0, client: 1 },
        ...{ bytes: hit.bytes ?? -1, responseMs: hit.responseMs ?? -1 },
        visitor: Number(hit.ip.split('.').at(-1)) + 1,
        endpoint: Number(hit.endpoint.slice(2)) + 1,
      };
      block.add({ ...row, method: block.string('GET'), path: block.string(hit.path), ip: 0 });
      for (const counts of [sum, whole]) counts.add(row);
    }
    if (block.n === 0) continue;
    addBlock.run(hour, block.n, block.pack());
    const { rows, details } = sum.pack();
    addRollUp.run(HOURLY, hour, rows, details);
  }
  const { rows, details } = whole.pack();
  addRollUp.run(SIX_HOURLY, T0, rows, details);
  db.close();
}
