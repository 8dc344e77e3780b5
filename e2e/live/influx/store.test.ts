import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { connectionContract } from '../../../lib/store/contract/connections-contract';
import { storeContract } from '../../../lib/store/contract/store-contract';
import { openInfluxStores } from '../../../lib/store/influx/collector-stores';
import { ReplicaStore } from '../../../lib/store/influx/replica-store';
import type { Stores } from '../../../lib/store/ports/stores';
import { ownBuckets, RETENTION } from './lab-influx';

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

/** What a collector has in its own database too is read as a replica reads it. */
const READ_BY_REPLICA = new Set([
  'recentRounds',
  'lastConnections',
  'latencyHistory',
  'connectionCounts',
  'pathSpans',
  'events',
]);

const WRITES = new Set([
  'commit',
  'identify',
  'addConnections',
  'observePaths',
  'addEvents',
  'prune',
]);

/** The collector's store; what was written is sent before the next question, as its thread does it all the time. */
async function open(folder: string): Promise<Stores> {
  const { influx } = await bucketsOf(folder);
  const file = path.join(folder, 'collector.sqlite');
  const store = await openInfluxStores(file, influx, 'lab', RETENTION);
  const reader = new ReplicaStore(influx);
  let written = false;
  return new Proxy(store, {
    get(target, name) {
      const asked = READ_BY_REPLICA.has(String(name)) ? reader : target;
      const value = Reflect.get(asked, name);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]) => {
        const writes = WRITES.has(String(name));
        if (written && !writes) {
          if (!(await target.sender.drain(undefined, false)))
            throw new Error(String(target.sender.state().error));
          // A question asked sooner is answered from what was known a moment ago.
          await sleep(260);
        }
        written = writes;
        return value.apply(asked, given);
      };
    },
  });
}

storeContract('InfluxDB', open);

connectionContract('InfluxDB', open);
