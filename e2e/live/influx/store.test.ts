import path from 'node:path';
import { afterAll } from 'vitest';
import { auditContract } from '../../../lib/store/contract/audit';
import { storesContract } from '../../../lib/store/contract/stores';
import { InfluxAudit } from '../../../lib/store/influx/audit';
import { openInfluxStores } from '../../../lib/store/influx/collector-stores';
import { replicaHistories } from '../../../lib/store/influx/replica/histories';
import { readByReplica } from './collector-and-replica';
import { ownBuckets, RETENTION } from './lab-influx';

type Buckets = Awaited<ReturnType<typeof ownBuckets>>;
const made = new Map<string, Buckets>();
afterAll(async () => {
  for (const { remove } of made.values()) await remove();
});

/** Buckets of its own for each folder, so that what is opened again finds what it wrote. */
async function bucketsOf(folder: string, retention = RETENTION): Promise<Buckets> {
  const known = made.get(folder) ?? (await ownBuckets('contract', undefined, retention));
  made.set(folder, known);
  return known;
}

storesContract(
  'InfluxDB',
  async (folder, periods) => {
    // Clocks change twice a year: their hits are to be kept longer than those of other tests.
    const retention = periods ? { rawDays: 3_650, rollupDays: 3_650 } : RETENTION;
    const { influx } = await bucketsOf(folder, retention);
    const file = path.join(folder, 'collector.sqlite');
    const collector = await openInfluxStores(file, influx, 'lab', retention, periods);
    return readByReplica(collector, replicaHistories(influx));
  },
  ['America/St_Johns'],
);

auditContract('InfluxDB without a collector', async (folder) => {
  const { influx } = await bucketsOf(folder);
  return { audit: new InfluxAudit(influx), close: async () => {} };
});
