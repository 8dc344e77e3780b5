import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hit } from '../../../lib/domain/access';
import { HitBatch } from '../../../lib/rollup/hit-batch';
import { Influx } from '../../../lib/store/influx/client';
import {
  type InfluxCollectorStores,
  influxStores,
} from '../../../lib/store/influx/collector-stores';
import { replicaHistories } from '../../../lib/store/influx/replica/histories';
import { SqliteFile } from '../../../lib/store/sqlite/file';
import { HOUR } from '../../../lib/util/time';
import { type ownBuckets, RETENTION } from './lab-influx';

export const ALL = { bots: true, nonTailnet: true };
/** When the first hit was, unless said otherwise; one a second follows. */
export const START = Math.floor(Date.now() / HOUR) * HOUR - 30 * HOUR;
export const RANGE = { from: START - HOUR, to: START + 32 * HOUR };

const hitOf = (i: number, time: number): Hit => ({
  position: { file: 1, offset: i * 100 },
  time,
  ip: `100.64.0.${2 + (i % 3)}`,
  method: 'GET',
  path: `/${i % 10}`,
  endpoint: `/${i % 10}`,
  host: i % 3 === 0 ? null : `h${i % 3}.example.org`,
  status: 200,
  responseMs: 5,
  bytes: 100,
  client: 'browser',
});
const checkpointAt = (offset: number) => ({
  ...{ file: 1, log: '/a.log', path: '/a.log', device: 1, inode: 1, fingerprint: 'aGVhZA==' },
  ...{ offset, retired: false },
});

/** A collector's store over a real InfluxDB, and how many hits it was given. */
export class Collecting {
  hits = 0;
  /** Of the hits committed from now on. */
  timeOf = (i: number) => START + i * 1_000;
  private constructor(
    private readonly folder: string,
    private readonly buckets: Awaited<ReturnType<typeof ownBuckets>>,
    private readonly url: string,
    public file: SqliteFile,
    public store: InfluxCollectorStores,
  ) {}

  /** `url`: where the collector finds the InfluxDB, when it is not to go there straight. */
  static async open(
    folder: string,
    buckets: Awaited<ReturnType<typeof ownBuckets>>,
    url = buckets.settings.url,
  ): Promise<Collecting> {
    const influx = new Influx({ ...buckets.settings, url });
    const file = await SqliteFile.open(path.join(folder, 'collector.sqlite'));
    const store = influxStores(file, influx, 'lab', RETENTION);
    return new Collecting(folder, buckets, url, file, store);
  }

  /** As after a restart of the process. */
  async reopen(): Promise<void> {
    await this.store.close();
    const { file, store } = await Collecting.open(this.folder, this.buckets, this.url);
    this.file = file;
    this.store = store;
  }

  /** Takes hits as from a log. Throws what the store throws, with none of them taken. */
  async commit(count: number): Promise<void> {
    const end = this.hits + count;
    const numbers = Array.from({ length: count }, (_, i) => this.hits + i);
    const hits = HitBatch.of(numbers.map((i) => hitOf(i, this.timeOf(i))));
    await this.store.ingest.commit({ hits, rejected: [], checkpoints: [checkpointAt(end * 100)] });
    this.hits = end;
  }

  /** Sends until all of it has arrived; at most 20 seconds. */
  async drained(): Promise<void> {
    for (let i = 0; i < 200; i++) {
      if (await this.store.sender.drain(undefined, false)) return;
      await sleep(100);
    }
    throw new Error(`the spool did not drain: ${JSON.stringify(this.store.sender.state())}`);
  }

  /** How many hits there are for a replica that has never seen any of them. */
  async counted(): Promise<number> {
    return (await replicaHistories(this.buckets.influx).accesses.totals(RANGE, ALL)).hits;
  }
}
