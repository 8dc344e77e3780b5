import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { storeContract } from '../../../lib/store/contract';
import { CollectorStore } from '../../../lib/store/influx/collector-store';
import type { Store } from '../../../lib/store/store';
import { ownBuckets } from './lab-influx';

type Buckets = Awaited<ReturnType<typeof ownBuckets>>;
const made = new Map<string, Buckets>();
afterAll(async () => {
  for (const { remove } of made.values()) await remove();
});

/** Buckets of its own for each folder, so that what is opened again finds what it wrote. */
async function bucketsOf(folder: string): Promise<Buckets> {
  const known = made.get(folder) ?? (await ownBuckets('contract'));
  made.set(folder, known);
  return known;
}

const WRITES = new Set([
  'commit',
  'identify',
  'addConnections',
  'observePaths',
  'addEvents',
  'prune',
]);

/** The collector's store, whose spool is sent after each write as its thread does it all the time. */
async function open(folder: string): Promise<Store> {
  const { influx } = await bucketsOf(folder);
  const file = path.join(folder, 'collector.sqlite');
  const store = await CollectorStore.openCollector(file, influx, 'lab', {
    rawDays: 30,
    rollupDays: 730,
  });
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]) => {
        const answer = await value.apply(target, given);
        if (WRITES.has(String(name))) {
          if (!(await target.sender.drain(undefined, false)))
            throw new Error(String(target.senderState().error));
          // A question asked sooner is answered from what was known a moment ago.
          await sleep(260);
        }
        return answer;
      };
    },
  });
}

storeContract('InfluxDB', open);
