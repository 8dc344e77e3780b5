import { addressKind } from '../../domain/address';
import {
  DURATION_BOUNDS_MS,
  type HitCounters,
  type HostCounters,
  STATUS_CLASSES,
  statusClassIndex,
} from '../../domain/hit-counters';
import { BOT } from '../../rollup/hit-row';
import { DAY } from '../../util/time';
import type { HitCounterStore } from '../ports/hit-counters';
import type { Batch } from '../ports/ingest';
import type { HitWriter, IsNew } from './commit';
import type { DictionaryWriter } from './dictionary-writer';
import type { Database } from './driver';

/** Hits that are this old when they are read are history. */
const HISTORY_MS = DAY;
const ADDRESSES = ['tailnet', 'loopback', 'other'] as const;
const CLASSES = STATUS_CLASSES.length;
const BUCKETS = DURATION_BOUNDS_MS.length + 1;
/** The bound of the last bucket, which has none. */
const UNBOUNDED = 0;

/** Writes hits, and counts those that are new. */
export class CountingWriter implements HitWriter {
  constructor(
    private readonly db: Database,
    private readonly dictionary: DictionaryWriter,
    private readonly hits: HitWriter,
  ) {}

  write(batch: Batch, isNew: IsNew, now: number): void {
    this.hits.write(batch, isNew, now);
    const { names, hostOf } = this.hosts(batch);
    this.save(names, countsOf(batch, hostOf, names.length, isNew, now - HISTORY_MS));
  }

  /** Returns the hosts under which the batch's endpoints are counted, and the number of that of each endpoint. */
  private hosts({ hits }: Batch): { names: string[]; hostOf: number[] } {
    const find = this.db.prepare('SELECT host FROM endpoints WHERE id = ?');
    const numbers = new Map<string, number>();
    const hostOf = hits.endpoints.map((endpoint) => {
      const host = String(find.get(this.dictionary.endpoint(endpoint))?.host ?? '');
      const number = numbers.get(host) ?? numbers.size;
      numbers.set(host, number);
      return number;
    });
    return { names: [...numbers.keys()], hostOf };
  }

  private save(names: readonly string[], counts: Counts): void {
    const count = this.db.prepare(
      `INSERT INTO hit_counters VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         hits = hits + excluded.hits, bytes = bytes + excluded.bytes`,
    );
    counts.hits.forEach((hits, i) => {
      if (hits === 0) return;
      const group = Math.floor(i / CLASSES);
      const { host, address, bot } = groupOf(group, names);
      count.run(
        host,
        address,
        bot,
        STATUS_CLASSES[i % CLASSES] ?? 'none',
        hits,
        counts.bytes[i] ?? 0,
      );
    });
    const time = this.db.prepare(
      `INSERT INTO hit_durations VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         hits = hits + excluded.hits, ms = ms + excluded.ms`,
    );
    counts.durations.forEach((hits, i) => {
      if (hits === 0) return;
      const { host, address } = groupOf(Math.floor(i / BUCKETS), names);
      const bound = DURATION_BOUNDS_MS[i % BUCKETS] ?? UNBOUNDED;
      time.run(host, address, bound, hits, counts.ms[i] ?? 0);
    });
  }
}

/** By group (a host's clients of one kind of address, bots or not) and class of status, or bucket. */
type Counts = Record<'hits' | 'bytes' | 'durations' | 'ms', Float64Array>;

const groupOf = (group: number, names: readonly string[]) => ({
  host: names[Math.floor(group / (ADDRESSES.length * 2))] ?? '',
  address: ADDRESSES[Math.floor(group / 2) % ADDRESSES.length] ?? 'other',
  bot: group % 2,
});

function countsOf(
  { hits }: Batch,
  hostOf: readonly number[],
  hosts: number,
  isNew: IsNew,
  after: number,
): Counts {
  const groups = hosts * ADDRESSES.length * 2;
  const counts: Counts = {
    hits: new Float64Array(groups * CLASSES),
    bytes: new Float64Array(groups * CLASSES),
    durations: new Float64Array(groups * BUCKETS),
    ms: new Float64Array(groups * BUCKETS),
  };
  const addressOf = hits.ips.map((ip) => ADDRESSES.indexOf(addressKind(ip)));
  const { file, offset, time, endpoint, ip, client, status, bytes, responseMs } = hits.columns;
  for (let i = 0; i < hits.length; i++) {
    if ((time[i] ?? 0) <= after || !isNew(file[i] ?? 0, offset[i] ?? 0)) continue;
    const isBot = client[i] === BOT;
    const host = hostOf[endpoint[i] ?? 0] ?? 0;
    const address = addressOf[ip[i] ?? 0] ?? 0;
    const group = (host * ADDRESSES.length + address) * 2 + Number(isBot);
    const at = group * CLASSES + statusClassIndex(status[i] ?? 0);
    add(counts.hits, at, 1);
    add(counts.bytes, at, Math.max(0, bytes[i] ?? 0));
    const ms = responseMs[i] ?? -1;
    if (isBot || ms < 0) continue;
    const bucket = group * BUCKETS + bucketOf(ms);
    add(counts.durations, bucket, 1);
    add(counts.ms, bucket, ms);
  }
  return counts;
}

const add = (counts: Float64Array, at: number, more: number) => {
  counts[at] = (counts[at] ?? 0) + more;
};

function bucketOf(ms: number): number {
  const bucket = DURATION_BOUNDS_MS.findIndex((bound) => ms <= bound);
  return bucket === -1 ? BUCKETS - 1 : bucket;
}

/** Reads what was counted. */
export class SqliteHitCounters implements HitCounterStore {
  constructor(private readonly db: Database) {}

  async hitCounters(nonTailnet: boolean): Promise<HitCounters> {
    const counting = `(address = 'tailnet' OR ${Number(nonTailnet)})`;
    const hosts = new Map<string, HostCounters>();
    const ofHost = (name: string) => {
      const known = hosts.get(name) ?? emptyCounters(name);
      hosts.set(name, known);
      return known;
    };
    const counted = this.db.prepare(
      `SELECT host, class, SUM(hits) AS hits, SUM(bytes) AS bytes FROM hit_counters
         WHERE bot = 0 AND ${counting} GROUP BY host, class`,
    );
    for (const row of counted.all()) {
      const counters = ofHost(String(row.host));
      const status = STATUS_CLASSES.find((one) => one === row.class) ?? 'none';
      counters.hits[status] += Number(row.hits);
      counters.bytes += Number(row.bytes);
    }
    const timed = this.db.prepare(
      `SELECT host, up_to_ms, SUM(hits) AS hits, SUM(ms) AS ms FROM hit_durations
         WHERE ${counting} GROUP BY host, up_to_ms`,
    );
    for (const row of timed.all()) {
      const counters = ofHost(String(row.host));
      const bound = Number(row.up_to_ms);
      const bucket = bound === UNBOUNDED ? BUCKETS - 1 : bucketOf(bound);
      counters.durations[bucket] = (counters.durations[bucket] ?? 0) + Number(row.hits);
      counters.durationMs += Number(row.ms);
    }
    return { hosts: [...hosts.values()], leftOut: this.leftOut(nonTailnet) };
  }

  /** Clients outside the tailnet are left out as such, bots among them too. */
  private leftOut(nonTailnet: boolean): HitCounters['leftOut'] {
    const leftOut = { bots: 0, loopback: 0, nonTailnet: 0 };
    const rows = this.db
      .prepare('SELECT address, bot, SUM(hits) AS hits FROM hit_counters GROUP BY address, bot')
      .all();
    for (const { address, bot, hits } of rows) {
      if (nonTailnet || address === 'tailnet') leftOut.bots += bot === 1 ? Number(hits) : 0;
      else leftOut[address === 'loopback' ? 'loopback' : 'nonTailnet'] += Number(hits);
    }
    return leftOut;
  }
}

const emptyCounters = (host: string): HostCounters => ({
  host: host || null,
  hits: { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, none: 0 },
  bytes: 0,
  durations: new Array<number>(BUCKETS).fill(0),
  durationMs: 0,
});
