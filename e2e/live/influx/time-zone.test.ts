import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { TimeZone } from '../../../lib/domain/time-zone';
import { Periods } from '../../../lib/rollup/periods';
import { aHit, putHits } from '../../../lib/store/contract/samples';
import { openInfluxStores } from '../../../lib/store/influx/collector-stores';
import { replicaHistories } from '../../../lib/store/influx/replica/histories';
import { HOUR } from '../../../lib/util/time';
import { ALL } from './collecting';
import { ownBuckets, RETENTION } from './lab-influx';

const START = Math.floor(Date.now() / HOUR) * HOUR - 72 * HOUR;
const RANGE = { from: START - 40 * 24 * HOUR, to: START + 72 * HOUR };

it('a replica follows the days of the collector, before and after its zone has changed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'time-zone-'));
  const buckets = await ownBuckets('zone');
  onTestFinished(async () => {
    await buckets.remove();
    await rm(folder, { recursive: true, force: true });
  });
  const replica = replicaHistories(buckets.influx);
  const hits = Array.from({ length: 280 }, (_, i) => aHit(i, { time: START + i * (HOUR / 4) }));
  for (const name of ['Asia/Kathmandu', 'Europe/Madrid']) {
    const periods = new Periods(new TimeZone(name));
    const file = path.join(folder, 'collector.sqlite');
    const store = await openInfluxStores(file, buckets.influx, 'lab', RETENTION, periods);
    if ((await store.ingest.checkpoints()).length === 0) await putHits(store.ingest, hits);
    await store.sender.drain(undefined, false);
    while (await store.maintenance.rollUp(Date.now()));
    await store.sender.drain(undefined, false);
    await sleep(300);
    const usage = await replica.accesses.usage(RANGE, ALL);
    expect(usage).toMatchObject({ timeZone: name, totalAccesses: hits.length });
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: name });
    const byDate = new Map<string, number>();
    for (const { time } of hits) {
      byDate.set(format.format(time), (byDate.get(format.format(time)) ?? 0) + 1);
    }
    const bars = usage.series.flatMap(({ time, hits: n }) =>
      n > 0 ? [[format.format(time), n]] : [],
    );
    expect(bars).toEqual([...byDate]);
    await store.close();
  }
});
