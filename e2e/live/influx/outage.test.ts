import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hit } from '../../../lib/domain/access';
import { HitBatch } from '../../../lib/store/hit-batch';
import { Influx } from '../../../lib/store/influx/client';
import { CollectorStore } from '../../../lib/store/influx/collector-store';
import { ReplicaStore } from '../../../lib/store/influx/replica-store';
import { openDatabase } from '../../../lib/store/sqlite-driver';
import { type Fault, faultyProxy } from './faulty-proxy';
import { ownBuckets } from './lab-influx';

const RETENTION = { rawDays: 30, rollupDays: 730 };
const ALL = { bots: true, nonTailnet: true };
const HOUR = 3_600_000;
const START = Math.floor(Date.now() / HOUR) * HOUR - 5 * HOUR;

const aHit = (i: number): Hit => ({
  place: { file: 1, offset: i * 100 },
  time: START + i * 1_000,
  ip: `100.64.0.${2 + (i % 3)}`,
  method: 'GET',
  path: `/${i % 10}`,
  endpoint: `/${i % 10}`,
  status: 200,
  responseMs: 5,
  bytes: 100,
  client: 'browser',
});
const aCheckpoint = (offset: number) => ({
  ...{ file: 1, log: '/a.log', path: '/a.log', device: 1, inode: 1, head: 'aGVhZA==' },
  ...{ offset, retired: false },
});

describe('an InfluxDB that fails', () => {
  let folder: string;
  let buckets: Awaited<ReturnType<typeof ownBuckets>>;
  let proxy: Awaited<ReturnType<typeof faultyProxy>>;
  let store: CollectorStore;
  let hits = 0;
  const open = () =>
    CollectorStore.openCollector(
      path.join(folder, 'collector.sqlite'),
      new Influx({ ...buckets.settings, url: proxy.url }),
      'lab',
      RETENTION,
    );
  beforeEach(async () => {
    hits = 0;
    folder = await mkdtemp(path.join(tmpdir(), 'outage-'));
    buckets = await ownBuckets('outage');
    proxy = await faultyProxy(buckets.settings.url);
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    await proxy.close();
    await buckets.remove();
    await rm(folder, { recursive: true, force: true });
  });
  const commit = async (count: number) => {
    const batch = HitBatch.of(Array.from({ length: count }, (_, i) => aHit(hits + i)));
    hits += count;
    await store.commit({ hits: batch, rejected: [], checkpoints: [aCheckpoint(hits * 100)] });
  };
  const drained = async () => {
    for (let i = 0; i < 200; i++) {
      if (await store.sender.drain(undefined, false)) return;
      await sleep(100);
    }
    throw new Error(`the spool did not drain: ${JSON.stringify(store.senderState())}`);
  };
  /** As a replica counts, that has never seen any of it, past the proxy. */
  const counted = async () => {
    const fresh = new ReplicaStore(buckets.influx);
    const range = { from: START - HOUR, to: START + 24 * HOUR };
    return (await fresh.totals(range, ALL)).hits;
  };

  it.each<Fault>(['cut', 'deaf', 429, 500, 503])(
    'costs no hit and makes none twice (%s), says so meanwhile, and is caught up with',
    async (fault) => {
      await commit(3_000);
      await drained();
      proxy.fail(fault);
      for (let i = 0; i < 5; i++) {
        await commit(2_500);
        expect(await store.sender.drain(undefined, false)).toBe(false);
        await sleep(300);
      }
      const state = store.senderState();
      expect(state.points).toBeGreaterThanOrEqual(12_500);
      expect(state.error).toContain(proxy.url);
      expect(state.failingSince).not.toBeNull();
      proxy.fail('none');
      await drained();
      expect(store.senderState()).toMatchObject({ points: 0, error: null, failingSince: null });
      expect(await counted()).toBe(hits);
    },
  );

  it('is asked ever less often, and as late as it says', async () => {
    await commit(10);
    proxy.fail('cut');
    const before = proxy.requests();
    for (const end = Date.now() + 4_000; Date.now() < end; await sleep(20)) {
      await store.sender.drain(undefined, false);
    }
    expect(proxy.requests() - before).toBeLessThan(8);
  });

  it('finds all of it after the collector was killed in mid-outage and started again', async () => {
    proxy.fail('cut');
    await commit(6_000);
    await store.sender.drain(undefined, false);
    await store.close();
    store = await open();
    proxy.fail('none');
    await drained();
    expect(await counted()).toBe(6_000);
    expect(await store.checkpoints()).toMatchObject([{ offset: 600_000 }]);
  });

  it('and a full disk here: nothing more is taken, nothing taken is lost', async () => {
    proxy.fail('cut');
    await commit(2_000);
    const db = (store as unknown as { db: { exec(sql: string): void } }).db;
    db.exec('PRAGMA max_page_count=150');
    await expect(commit(8_000)).rejects.toThrow('disk is full');
    hits -= 8_000;
    expect(await store.checkpoints()).toMatchObject([{ offset: 200_000 }]);
    db.exec('PRAGMA max_page_count=1000000');
    await commit(8_000);
    proxy.fail('none');
    await drained();
    expect(await counted()).toBe(10_000);
  });

  it('that refuses one point takes the others of its batch, and the point is kept and counted', async () => {
    await commit(500);
    const db = await openDatabase(path.join(folder, 'collector.sqlite'));
    const add = db.prepare(
      `INSERT INTO spool (kind, bucket, body, points, bytes, created_at) VALUES ('lines', 'raw', ?, 2, 10, 0)`,
    );
    add.run(
      'this is no line protocol\ntailscale_access,user=x status="a string where numbers are" 1',
    );
    db.close();
    await commit(500);
    await drained();
    expect(await counted()).toBe(1_000);
    expect(store.senderState()).toMatchObject({ points: 0, rejected: 2, error: null });
    expect(store.senderState().lastRejected).not.toBeNull();
  });

  it('is served in the order of the log: what has arrived is a beginning of it', async () => {
    for (let i = 0; i < 6; i++) await commit(4_000);
    const range = { from: START, to: START + 24 * HOUR };
    const lengths: number[] = [];
    for (let done = false; !done; ) {
      let steps = 0;
      done = await store.sender.drain(() => steps++ > 0, false);
      const reader = new ReplicaStore(buckets.influx);
      const { hits: all } = await reader.hits(range, ALL, 30_000, null);
      lengths.push(all.length);
      expect(all[0]?.time).toBe(START + (all.length - 1) * 1_000);
    }
    expect(lengths.length).toBeGreaterThan(4);
    expect(lengths.at(-1)).toBe(24_000);
  });
});
