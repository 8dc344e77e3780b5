import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HitBatch } from '../../../lib/rollup/hit-batch';
import { openInfluxStores } from '../../../lib/store/influx/collector-stores';
import { migrateIn, sendAll } from '../../../lib/store/influx/migrate/in';
import { finishOut, migrateOut } from '../../../lib/store/influx/migrate/out';
import { replicaHistories } from '../../../lib/store/influx/replica/histories';
import type { Histories, Stores } from '../../../lib/store/ports/stores';
import { openSqliteStores } from '../../../lib/store/sqlite/stores';
import { DAY, HOUR } from '../../../lib/util/time';
import { ownBuckets, RETENTION } from './lab-influx';

const NOW = Math.floor(Date.now() / HOUR) * HOUR;
const FROM = NOW - 60 * DAY;

let folder: string;
let buckets: Awaited<ReturnType<typeof ownBuckets>>;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'migrate-'));
  buckets = await ownBuckets('migrate');
});
afterEach(async () => {
  await buckets.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Sixty days of hits of which thirty are kept one by one, visitors with and without a name, one that changed hands. */
async function filled(file: string): Promise<Stores> {
  const store = await openSqliteStores(file);
  const put = async (first: number, count: number) => {
    const hits = Array.from({ length: count }, (_, i) => {
      const n = first + i;
      return {
        position: { file: 1 + (n % 2), offset: n * 50 },
        time: FROM + Math.floor((n / 6_000) * 60 * DAY) + (n % 1_000),
        ip: ['100.64.0.2', '100.64.0.3', '127.0.0.1', `203.0.113.${n % 9}`][n % 4] ?? '',
        method: 'GET',
        path: `/p${n % 50}`,
        endpoint: `/p${n % 50}`,
        host: n % 4 === 0 ? null : `h${n % 4}.example.org`,
        status: [200, 404, 500][n % 3] ?? 200,
        // Whole milliseconds: the SQLite store keeps no more of a single hit, nor does nginx write more.
        responseMs: n % 7 === 0 ? null : n % 900,
        bytes: n,
        client: n % 13 === 0 ? ('bot' as const) : ('browser' as const),
      };
    });
    const checkpoint = { log: '/l', path: '/l', device: 1, inode: 1, retired: false };
    const checkpoints = [1, 2].map((number) => ({
      ...checkpoint,
      ...{ file: number, fingerprint: `aGVhZA==${number}`, offset: (first + count) * 50 },
    }));
    await store.ingest.commit({ hits: HitBatch.of(hits), rejected: [], checkpoints });
  };
  await put(0, 3_000);
  const [git] = await store.visitors.visitorsToIdentify({ unknown: 1, known: 1 }, 9);
  const was = { nodeId: 'n1', device: 'git', user: 'bob', userName: 'Bob' };
  await store.visitors.identify(git?.id ?? 0, was, 1);
  await store.visitors.identify(git?.id ?? 0, { ...was, nodeId: 'n9', device: 'newer' }, 2);
  await put(3_000, 3_000);
  await store.connections.addConnections([
    {
      ...{ time: NOW - HOUR, nodeId: 'n1', hostname: 'git', connectionType: 'direct' },
      ...{ relayNode: 'none', endpoint: null, latencyAvg: 3, latencyMin: 1, latencyMax: 5 },
      ...{ jitter: 1, sent: 5, received: 5, txBytes: 1, rxBytes: 2 },
    },
  ]);
  await store.paths.observePaths([{ nodeId: 'n1', time: NOW - HOUR, path: 'direct' }]);
  await store.events.addEvents([
    { time: NOW, kind: 'node_added', nodeId: 'n1', hostname: 'git', before: null, after: 'git' },
  ]);
  await store.maintenance.prune(Date.now(), RETENTION);
  while (await store.maintenance.rollUp(Date.now()));
  return store;
}

/** Everything that a page asks of a history. */
async function answers(store: Histories) {
  const result: unknown[] = [];
  for (const days of [1, 7, 29, 70]) {
    const range = { from: NOW - days * DAY - 1_234, to: NOW };
    for (const filter of [{}, { user: 'bob' }, { device: 'git' }, { status: { class: 4 } }]) {
      for (const everyone of [true, false]) {
        const full = { bots: everyone, nonTailnet: everyone, ...filter };
        result.push(await store.accesses.usage(range, full));
        result.push((await store.accesses.hits(range, full, 50, null)).hits);
      }
    }
  }
  return result;
}
const collectorStore = (name: string) =>
  openInfluxStores(path.join(folder, name), buckets.influx, 'main', RETENTION);

it('a history goes into InfluxDB, cut off and taken up again, and back, and every number stays', async () => {
  const sqliteFile = path.join(folder, 'observatory.sqlite');
  const collectorFile = path.join(folder, 'collector.sqlite');
  const sqlite = await filled(sqliteFile);
  const expected = await answers(sqlite);

  const cutOff = (at: number) => (done: number) => {
    if (done === at) throw new Error('killed');
  };
  for (const at of [1, 200, 900]) {
    const store = await collectorStore('collector.sqlite');
    const migrating = migrateIn(sqliteFile, collectorFile, store, 'main', 30, cutOff(at));
    await expect(migrating).rejects.toThrow('killed');
    await store.close();
  }
  const store = await collectorStore('collector.sqlite');
  const { hits } = await migrateIn(sqliteFile, collectorFile, store, 'main', 30, () => {});
  expect(hits).toBe(6_000);
  await sendAll(store);
  await store.maintenance.prune(Date.now(), RETENTION);
  await sendAll(store);
  expect(store.sender.state().rejected).toBe(0);
  await sleep(300);
  expect(await answers(store)).toEqual(expected);
  while (await store.maintenance.rollUp(Date.now()));
  const replica = replicaHistories(buckets.influx);
  expect(await answers(replica)).toEqual(expected);
  expect(await store.ingest.checkpoints()).toEqual(await sqlite.ingest.checkpoints());
  const day = { from: NOW - DAY, to: NOW + HOUR };
  expect((await replica.events.events(day, {}, 9, null)).events).toHaveLength(1);
  expect(await replica.connections.connectionCounts(day)).toEqual(
    await sqlite.connections.connectionCounts(day),
  );
  expect(await replica.paths.pathSpans(['n1'], day)).toEqual(
    await sqlite.paths.pathSpans(['n1'], day),
  );

  const backFile = path.join(folder, 'back.sqlite');
  const out = (progress: (done: number) => void) =>
    migrateOut(buckets.influx, 'main', collectorFile, backFile, progress);
  await expect(out(cutOff(300))).rejects.toThrow('killed');
  expect((await out(() => {})).hits).toBe(6_000);
  const back = await finishOut(backFile);
  expect(await answers(back)).toEqual(expected);
  expect(await back.ingest.checkpoints()).toEqual(await sqlite.ingest.checkpoints());
  for (const open of [back, store, sqlite]) await open.close();
}, 180_000);

it('a collector that has collected already is not mixed with a history', async () => {
  const sqliteFile = path.join(folder, 'observatory.sqlite');
  await (await filled(sqliteFile)).close();
  const other = await filled(path.join(folder, 'collector.sqlite'));
  await other.close();
  const store = await collectorStore('collector.sqlite');
  await expect(
    migrateIn(sqliteFile, path.join(folder, 'collector.sqlite'), store, 'main', 30, () => {}),
  ).rejects.toThrow('has been collecting already');
  await store.close();
});
