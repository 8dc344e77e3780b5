import type { AccessFilter, TimeRange, Usage, UsageTotals } from '../domain/access';
import { LATENCY_BUCKETS, latencyBucket, latencyQuantile } from '../domain/latency';
import type { Cells } from './cells';
import type { Dictionaries } from './dictionaries';
import { type HitBlock, isBot } from './hit-block';

/** The most rows in a list of the answer: what a refresh transfers stays small whatever the history. */
const LIST_LIMIT = 50;

/** What a filter says of a visitor, endpoint or status. */
export type Matcher = {
  /** By visitor id. */
  visitor: Uint8Array;
  endpoint: (id: number) => boolean;
  status: (code: number) => boolean;
};
export const NO = 0;
const COUNTED = 1;
const LOOPBACK = 2;
const NON_TAILNET = 3;

/** Prepares a filter for comparing numbers. */
export function matcher(filter: AccessFilter, names: Dictionaries): Matcher {
  const visitor = new Uint8Array(names.user.length);
  names.kind.forEach((kind, id) => {
    const user = names.users[names.user[id] ?? 0]?.user;
    const device = names.devices[names.device[id] ?? 0]?.device;
    if (filter.user !== undefined && filter.user !== user) return;
    if (filter.device !== undefined && filter.device !== device) return;
    if (kind === 'tailnet' || filter.nonTailnet) visitor[id] = COUNTED;
    else visitor[id] = kind === 'loopback' ? LOOPBACK : NON_TAILNET;
  });
  const endpointId =
    filter.endpoint === undefined ? undefined : names.endpoints.indexOf(filter.endpoint);
  const status = filter.status;
  return {
    visitor,
    endpoint: endpointId === undefined ? () => true : (id) => id === endpointId,
    status: !status
      ? () => true
      : 'code' in status
        ? (code) => code === status.code
        : (code) => Math.floor(code / 100) === status.class,
  };
}

/** True when a hit of a visitor is in the answer: the visitor matches and counts. */
export const counted = (match: Matcher, visitor: number) => match.visitor[visitor] === COUNTED;

/** Adds up roll-ups and raw hits of a range into what the dashboard shows. */
export class UsageSum {
  private readonly match: Matcher;
  private readonly words: number;
  private readonly userHits: Float64Array;
  private readonly userErrors: Float64Array;
  private readonly deviceHits: Float64Array;
  private readonly deviceErrors: Float64Array;
  private readonly endpointHits: Float64Array;
  private readonly endpointErrors: Float64Array;
  private readonly endpointUsers: Uint32Array;
  private readonly endpointLatency: Uint32Array;
  private readonly latency = new Float64Array(LATENCY_BUCKETS);
  private readonly statusHits = new Float64Array(600);
  private readonly seriesStart: number;
  private readonly seriesHits: Float64Array;
  private readonly seriesErrors: Float64Array;
  private readonly seriesUsers: Uint32Array;
  private readonly leftOut = { bots: 0, loopback: 0, nonTailnet: 0 };
  private hits = 0;
  private bytes = 0;

  constructor(
    private readonly names: Dictionaries,
    private readonly filter: AccessFilter,
    range: TimeRange,
    private readonly stepMs: number,
  ) {
    this.match = matcher(filter, names);
    const endpoints = names.endpoints.length;
    this.words = Math.ceil(names.users.length / 32);
    this.userHits = new Float64Array(names.users.length);
    this.userErrors = new Float64Array(names.users.length);
    this.deviceHits = new Float64Array(names.devices.length);
    this.deviceErrors = new Float64Array(names.devices.length);
    this.endpointHits = new Float64Array(endpoints);
    this.endpointErrors = new Float64Array(endpoints);
    this.endpointUsers = new Uint32Array(endpoints * this.words);
    this.endpointLatency = new Uint32Array(endpoints * LATENCY_BUCKETS);
    this.seriesStart = Math.floor(range.from / stepMs) * stepMs;
    const points = Math.max(0, Math.ceil((range.to - this.seriesStart) / stepMs));
    this.seriesHits = new Float64Array(points);
    this.seriesErrors = new Float64Array(points);
    this.seriesUsers = new Uint32Array(points * this.words);
  }

  /** Adds a roll-up that starts at `time` and lies wholly in the range. */
  addCells({ n, cells, latency }: Cells, time: number): void {
    const { visitor, endpoint, status, bot, hits, bytes, latencies } = cells;
    const point = Math.floor((time - this.seriesStart) / this.stepMs);
    let at = 0;
    for (let i = 0; i < n; i++) {
      const end = at + (latencies[i] ?? 0);
      const e = endpoint[i] ?? 0;
      const h = hits[i] ?? 0;
      if (this.add(visitor[i] ?? 0, e, status[i] ?? 0, bot[i] === 1, h, bytes[i] ?? 0, point)) {
        for (; at < end; at++) this.addLatency(e, latency.bucket[at] ?? 0, latency.hits[at] ?? 0);
      }
      at = end;
    }
  }

  /** Adds the hits of a block that are in the range; `hour` is the block's start. */
  addHits(block: HitBlock, hour: number, range: TimeRange): void {
    const { visitor, endpoint, status, bytes, time, responseMs } = block.columns;
    for (let i = 0; i < block.n; i++) {
      const t = hour + (time[i] ?? 0);
      if (t < range.from || t >= range.to) continue;
      const e = endpoint[i] ?? 0;
      const point = Math.floor((t - this.seriesStart) / this.stepMs);
      const size = Math.max(0, bytes[i] ?? 0);
      if (this.add(visitor[i] ?? 0, e, status[i] ?? 0, isBot(block, i), 1, size, point)) {
        const ms = responseMs[i] ?? 0xffffffff;
        if (ms !== 0xffffffff) this.addLatency(e, latencyBucket(ms), 1);
      }
    }
  }

  totals(): UsageTotals {
    return { hits: this.hits, users: this.userHits.reduce((n, hits) => n + (hits > 0 ? 1 : 0), 0) };
  }

  usage(): Usage {
    const { names } = this;
    const devicesOf = new Map<string, number>();
    this.deviceHits.forEach((hits, d) => {
      const user = names.devices[d]?.user ?? '';
      if (hits > 0) devicesOf.set(user, (devicesOf.get(user) ?? 0) + 1);
    });
    return {
      totalAccesses: this.hits,
      uniqueUsers: this.totals().users,
      uniqueDevices: this.deviceHits.reduce((n, hits) => n + (hits > 0 ? 1 : 0), 0),
      bytes: this.bytes,
      p50Ms: latencyQuantile(this.latency, 0.5),
      p95Ms: latencyQuantile(this.latency, 0.95),
      topEndpoints: most(this.endpointHits).map((e) => ({
        endpoint: names.endpoints[e] ?? '',
        hits: this.endpointHits[e] ?? 0,
        users: this.bits(this.endpointUsers, e),
        errors: this.endpointErrors[e] ?? 0,
        p50Ms: latencyQuantile(this.endpointLatency, 0.5, e * LATENCY_BUCKETS),
        p95Ms: latencyQuantile(this.endpointLatency, 0.95, e * LATENCY_BUCKETS),
      })),
      byUser: most(this.userHits).map((u) => ({
        user: names.users[u]?.user ?? '',
        userName: names.users[u]?.userName ?? '',
        hits: this.userHits[u] ?? 0,
        errors: this.userErrors[u] ?? 0,
        devices: devicesOf.get(names.users[u]?.user ?? '') ?? 0,
      })),
      byDevice: most(this.deviceHits).map((d) => ({
        device: names.devices[d]?.device ?? '',
        user: names.devices[d]?.user ?? '',
        hits: this.deviceHits[d] ?? 0,
        errors: this.deviceErrors[d] ?? 0,
      })),
      byStatus: Object.fromEntries(
        [...this.statusHits].flatMap((hits, code) =>
          hits > 0 ? [[code === 0 ? 'none' : String(code), hits]] : [],
        ),
      ),
      series: [...this.seriesHits].map((hits, i) => ({
        time: this.seriesStart + i * this.stepMs,
        hits,
        users: this.bits(this.seriesUsers, i),
        errors: this.seriesErrors[i] ?? 0,
      })),
      stepMs: this.stepMs,
      leftOut: { ...this.leftOut },
    };
  }

  /** Counts hits of one kind; false when the filter leaves them out. */
  private add(
    visitor: number,
    endpoint: number,
    status: number,
    bot: boolean,
    hits: number,
    bytes: number,
    point: number,
  ): boolean {
    const who = this.match.visitor[visitor] ?? NO;
    if (who === NO || !this.match.endpoint(endpoint) || !this.match.status(status)) return false;
    if (who !== COUNTED) {
      this.leftOut[who === LOOPBACK ? 'loopback' : 'nonTailnet'] += hits;
      return false;
    }
    if (bot && !this.filter.bots) {
      this.leftOut.bots += hits;
      return false;
    }
    const user = this.names.user[visitor] ?? 0;
    const device = this.names.device[visitor] ?? 0;
    const errors = status >= 400 ? hits : 0;
    const bit = 1 << (user & 31);
    const word = user >>> 5;
    this.hits += hits;
    this.bytes += bytes;
    plus(this.userHits, user, hits);
    plus(this.userErrors, user, errors);
    plus(this.deviceHits, device, hits);
    plus(this.deviceErrors, device, errors);
    plus(this.endpointHits, endpoint, hits);
    plus(this.endpointErrors, endpoint, errors);
    plus(this.statusHits, status, hits);
    plus(this.seriesHits, point, hits);
    plus(this.seriesErrors, point, errors);
    mark(this.endpointUsers, endpoint * this.words + word, bit);
    mark(this.seriesUsers, point * this.words + word, bit);
    return true;
  }

  private addLatency(endpoint: number, bucket: number, hits: number): void {
    plus(this.latency, bucket, hits);
    plus(this.endpointLatency, endpoint * LATENCY_BUCKETS + bucket, hits);
  }

  /** How many users are marked in row `row` of a bit table. */
  private bits(table: Uint32Array, row: number): number {
    let n = 0;
    for (let w = row * this.words; w < (row + 1) * this.words; w++) {
      for (let word = table[w] ?? 0; word !== 0; word &= word - 1) n++;
    }
    return n;
  }
}

function plus(counts: Float64Array | Uint32Array, i: number, by: number): void {
  counts[i] = (counts[i] ?? 0) + by;
}

function mark(table: Uint32Array, i: number, bit: number): void {
  table[i] = (table[i] ?? 0) | bit;
}

/** The rows with the most hits, at most LIST_LIMIT, none with 0. */
function most(hits: Float64Array): number[] {
  const rows: number[] = [];
  hits.forEach((n, i) => {
    if (n > 0) rows.push(i);
  });
  return rows.sort((a, b) => (hits[b] ?? 0) - (hits[a] ?? 0) || a - b).slice(0, LIST_LIMIT);
}
