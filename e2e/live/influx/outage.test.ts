import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Influx } from '../../../lib/store/influx/client';
import { replicaHistories } from '../../../lib/store/influx/replica/histories';
import { openDatabase } from '../../../lib/store/sqlite/driver';
import { until } from '../../harness/process';
import { ALL, Collecting, RANGE, START } from './collecting';
import { type Fault, faultyProxy } from './faulty-proxy';
import { ownBuckets } from './lab-influx';

describe('an InfluxDB that fails', () => {
  let folder: string;
  let buckets: Awaited<ReturnType<typeof ownBuckets>>;
  let proxy: Awaited<ReturnType<typeof faultyProxy>>;
  let collecting: Collecting;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'outage-'));
    buckets = await ownBuckets('outage');
    proxy = await faultyProxy(buckets.settings.url);
    collecting = await Collecting.open(folder, buckets, proxy.url);
  });
  afterEach(async () => {
    await collecting.store.close();
    await proxy.close();
    await buckets.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it.each<Fault>(['cut', 'deaf', 429, 500, 503])(
    'costs no hit and makes none twice (%s), says so meanwhile, and is caught up with',
    async (fault) => {
      await collecting.commit(3_000);
      await collecting.drained();
      proxy.fail(fault);
      for (let i = 0; i < 5; i++) {
        await collecting.commit(2_500);
        expect(await collecting.store.sender.drain(undefined, false)).toBe(false);
        await sleep(300);
      }
      const state = collecting.store.sender.state();
      expect(state.points).toBeGreaterThanOrEqual(12_500);
      expect(state.error).toContain(proxy.url);
      expect(state.failingSince).not.toBeNull();
      proxy.fail('none');
      await collecting.drained();
      expect(collecting.store.sender.state()).toMatchObject({
        points: 0,
        error: null,
        failingSince: null,
      });
      expect(await collecting.counted()).toBe(collecting.hits);
    },
  );

  it('is asked ever less often, and as late as it says', async () => {
    await collecting.commit(10);
    proxy.fail('cut');
    const before = proxy.requests();
    for (const end = Date.now() + 4_000; Date.now() < end; await sleep(20)) {
      await collecting.store.sender.drain(undefined, false);
    }
    expect(proxy.requests() - before).toBeLessThan(8);
  });

  it('finds all of it after the collector was killed in mid-outage and started again', async () => {
    proxy.fail('cut');
    await collecting.commit(6_000);
    await collecting.store.sender.drain(undefined, false);
    await collecting.reopen();
    proxy.fail('none');
    await collecting.drained();
    expect(await collecting.counted()).toBe(6_000);
    expect(await collecting.store.ingest.checkpoints()).toMatchObject([{ offset: 600_000 }]);
  });

  it('and a full disk here: nothing more is taken, nothing taken is lost', async () => {
    proxy.fail('cut');
    await collecting.commit(2_000);
    const { db } = collecting.file;
    const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
    db.exec(`PRAGMA max_page_count=${pages + 4}`);
    await expect(collecting.commit(8_000)).rejects.toThrow('disk is full');
    expect(await collecting.store.ingest.checkpoints()).toMatchObject([{ offset: 200_000 }]);
    db.exec('PRAGMA max_page_count=1000000');
    await collecting.commit(8_000);
    proxy.fail('none');
    await collecting.drained();
    expect(await collecting.counted()).toBe(10_000);
  });

  it('that refuses one point takes the others of its batch, and the point is kept and counted', async () => {
    await collecting.commit(500);
    const db = await openDatabase(path.join(folder, 'collector.sqlite'));
    const add = db.prepare(
      `INSERT INTO spool (kind, bucket, body, points, bytes, created_at) VALUES ('lines', 'raw', ?, 2, 10, 0)`,
    );
    add.run(
      'this is no line protocol\ntailscale_access,user=x status="a string where numbers are" 1',
    );
    db.close();
    await collecting.commit(500);
    await collecting.drained();
    expect(await collecting.counted()).toBe(1_000);
    const state = collecting.store.sender.state();
    expect(state).toMatchObject({ points: 0, rejected: 2, error: null });
    expect(state.lastRejected).not.toBeNull();
  });

  it('and is slow hides nothing: what came while a reader waited for an answer is counted', async () => {
    await collecting.commit(100);
    await collecting.drained();
    while (await collecting.store.maintenance.rollUp(Date.now()));
    const reader = replicaHistories(new Influx({ ...buckets.settings, url: proxy.url }));
    const release = proxy.hold('observatory_hours');
    const asked = reader.accesses.totals(RANGE, ALL);
    await until(
      () => proxy.held() > 0,
      10_000,
      () => 'the reader did not ask for the hours',
    );
    await collecting.commit(50);
    // Not by the proxy: it is the reader's way that is slow.
    await collecting.drained();
    release();
    expect((await asked).hits).toBe(150);
  });

  it('is served in the order of the log: what has arrived is a beginning of it', async () => {
    for (let i = 0; i < 6; i++) await collecting.commit(4_000);
    const lengths: number[] = [];
    for (let done = false; !done; ) {
      let steps = 0;
      done = await collecting.store.sender.drain(() => steps++ > 0, false);
      const reader = replicaHistories(buckets.influx);
      const { hits: all } = await reader.accesses.hits(RANGE, ALL, 30_000, null);
      lengths.push(all.length);
      expect(all[0]?.time).toBe(START + (all.length - 1) * 1_000);
    }
    expect(lengths.length).toBeGreaterThan(4);
    expect(lengths.at(-1)).toBe(24_000);
  });
});
