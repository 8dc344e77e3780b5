import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyRow } from '../../../lib/rollup/hit-row';
import { HOURLY, RESOLUTIONS, startOf } from '../../../lib/rollup/resolutions';
import { packedCoarsely } from '../../../lib/rollup/test-coarse';
import { Catalog } from '../../../lib/store/influx/catalog';
import { rollUpLine } from '../../../lib/store/influx/points';
import { replicaHistories } from '../../../lib/store/influx/replica/histories';
import { HOUR, MINUTE } from '../../../lib/util/time';
import { ALL, Collecting, RANGE, START } from './collecting';
import { ownBuckets } from './lab-influx';

let folder: string;
let buckets: Awaited<ReturnType<typeof ownBuckets>>;
let collecting: Collecting;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'coarse-'));
  buckets = await ownBuckets('coarse');
  collecting = await Collecting.open(folder, buckets);
});
afterEach(async () => {
  await collecting.store.close();
  await buckets.remove();
  await rm(folder, { recursive: true, force: true });
});

const PER_HOUR = 20;
const HOURS = 24;

/** Writes the roll-ups of all hours, and of some longer periods, as an earlier version did. */
async function writeCoarsely(): Promise<void> {
  const catalog = new Catalog(buckets.influx);
  await catalog.refresh(RANGE);
  const inventory = catalog.inventory('lab');
  for (const resolution of RESOLUTIONS) {
    for (let start = startOf(START, resolution); start < RANGE.to; start += resolution) {
      const of =
        resolution === HOURLY
          ? inventory.seqOf('raw', start)
          : inventory.stampOf(resolution, start);
      if (!of || start + resolution > Date.now()) continue;
      const hours = (from: number) => Math.max(0, Math.min(HOURS, (from - START) / HOUR));
      const count = (hours(start + resolution) - hours(start)) * PER_HOUR;
      const hits = Array.from({ length: count }, () => ({
        ...emptyRow(),
        bytes: 100,
        responseMs: 5,
        status: 200,
      }));
      const { rows, details } = packedCoarsely(hits);
      const header = Buffer.from(
        JSON.stringify({ of, visitors: ['100.64.0.2'], endpoints: ['/0'] }),
      );
      const lengths = Buffer.alloc(8);
      lengths.writeUInt32LE(header.length, 0);
      lengths.writeUInt32LE(rows.length, 4);
      const layer = resolution === HOURLY ? 'raw' : 'sum';
      const packed = Buffer.concat([lengths, header, rows, details]);
      const line = rollUpLine('lab', layer, resolution, start, packed, of);
      await buckets.influx.save('rollups', [line]);
    }
  }
}

it('hours of an earlier version are counted again from InfluxDB, and open replicas notice', async () => {
  collecting.timeOf = (i) => START + i * (HOUR / PER_HOUR);
  await collecting.commit(HOURS * PER_HOUR);
  await collecting.drained();
  await writeCoarsely();
  const replica = replicaHistories(buckets.influx);
  const before = await replica.accesses.usage(RANGE, ALL);
  expect(before).toMatchObject({ totalAccesses: HOURS * PER_HOUR, responseTimeError: 0.13 });

  expect(await collecting.store.maintenance.recount(Date.now())).toBe(false);
  // Interrupted after a few, and taken up again.
  await collecting.store.maintenance.rollUp(Date.now());
  await collecting.reopen();
  await collecting.store.maintenance.recount(Date.now());
  // A period that has just ended waits a minute for late hits.
  while (await collecting.store.maintenance.rollUp(Date.now() + 2 * MINUTE));
  await sleep(300);
  const after = await replica.accesses.usage(RANGE, ALL);
  expect(after).toMatchObject({ totalAccesses: HOURS * PER_HOUR, responseTimeError: 0.02 });
  expect(new Set(after.topEndpoints.map(({ endpoint }) => endpoint)).size).toBe(10);
});
