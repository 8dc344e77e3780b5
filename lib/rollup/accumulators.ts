import type { AccessFilter, TimeRange, Usage, UsageTotals } from '../domain/access';
import { LATENCY_BUCKETS, latencyBucket, latencyQuantile } from '../domain/latency';
import type { Dictionaries } from './dictionaries';
import { type HitBlock, isBot } from './hit-block';
import type { CellDetails, Cells } from './roll-up';

/** The most rows in a list of the answer: what a refresh transfers stays small whatever the history. */
const LIST_LIMIT = 50;

/** What a filter says of a visitor, endpoint or status: a table each, since it is asked for every cell of a range. */
export type Matcher = {
  /** By visitor id: NO, or what the visitor is to the answer. */
  visitor: Uint8Array;
  /** By endpoint id; 1: yes. */
  endpoint: Uint8Array;
  /** By status; 1: yes. */
  status: Uint8Array;
};
const NO = 0;
const COUNTED = 1;
const LOOPBACK = 2;
const NON_TAILNET = 3;
const STATUSES = 1_000;
/** A hit block's response time where the log had none. */
const ABSENT = 0xffffffff;

/** Prepares a filter for comparing numbers. */
export function matcher(filter: AccessFilter, names: Dictionaries): Matcher {
  const visitor = new Uint8Array(names.user.length);
  names.kind.forEach((kind, id) => {
    const user = names.users[names.user[id] ?? 0]?.user;
    const device = names.devices[names.device[id] ?? 0]?.device;
    if (filter.user !== undefined && filter.user !== user) return;
    if (filter.device !== undefined && filter.device !== device) return;
    if (filter.collector !== undefined && filter.collector !== names.collector?.[id]) return;
    if (kind === 'tailnet' || filter.nonTailnet) visitor[id] = COUNTED;
    else visitor[id] = kind === 'loopback' ? LOOPBACK : NON_TAILNET;
  });
  const endpoint = new Uint8Array(names.endpoints.length);
  if (filter.endpoint === undefined) endpoint.fill(1);
  else {
    const id = names.endpoints.indexOf(filter.endpoint);
    if (id >= 0) endpoint[id] = 1;
  }
  const status = new Uint8Array(STATUSES);
  if (!filter.status) status.fill(1);
  else if ('code' in filter.status) status[filter.status.code] = 1;
  else status.fill(1, filter.status.class * 100, filter.status.class * 100 + 100);
  return { visitor, endpoint, status };
}

/** True when a hit of a visitor is in the answer: the visitor matches and counts. */
export const counted = (match: Matcher, visitor: number) => match.visitor[visitor] === COUNTED;

/** What a range is added up into. */
export interface RangeSum {
  /** Adds a roll-up that starts at `time` and lies wholly in the range. */
  addCells(cells: Cells, time: number): void;
  /** Adds the hits of a block that are in the range; `hour` is the block's start. */
  addHits(block: HitBlock, hour: number, range: TimeRange): void;
  /** What has been added up so far, to go on from. */
  copy(): this;
}

/** Bytes of a sum's arrays. */
export function byteLength(sum: RangeSum): number {
  return Object.values(sum).reduce<number>(
    (bytes, value) => bytes + (ArrayBuffer.isView(value) ? value.byteLength : 0),
    0,
  );
}

/** A copy of an object of ours whose arrays are its own. */
function copied<T extends object>(sum: T): T {
  const copy: T = Object.create(Object.getPrototypeOf(sum));
  for (const [key, value] of Object.entries(sum)) {
    Object.assign(copy, { [key]: ArrayBuffer.isView(value) ? structuredClone(value) : value });
  }
  return copy;
}

/** Adds up how many hits by how many users, and no more. */
export class TotalsSum implements RangeSum {
  private readonly match: Matcher;
  private readonly visitorHits: Float64Array;

  constructor(
    private readonly names: Dictionaries,
    private readonly filter: AccessFilter,
  ) {
    this.match = matcher(filter, names);
    this.visitorHits = new Float64Array(names.user.length);
  }

  addCells({ n, cells }: Cells): void {
    const { match, filter, visitorHits } = this;
    const { visitor, endpoint, status, bot, hits } = cells;
    for (let i = 0; i < n; i++) {
      const v = visitor[i] ?? 0;
      if (match.visitor[v] !== COUNTED || match.endpoint[endpoint[i] ?? 0] !== 1) continue;
      if (match.status[status[i] ?? 0] !== 1 || (bot[i] === 1 && !filter.bots)) continue;
      plus(visitorHits, v, hits[i] ?? 0);
    }
  }

  addHits(block: HitBlock, hour: number, range: TimeRange): void {
    const { match, filter } = this;
    const { visitor, endpoint, status, time } = block.columns;
    for (let i = 0; i < block.n; i++) {
      const t = hour + (time[i] ?? 0);
      if (t < range.from || t >= range.to) continue;
      const v = visitor[i] ?? 0;
      if (match.visitor[v] !== COUNTED || match.endpoint[endpoint[i] ?? 0] !== 1) continue;
      if (match.status[status[i] ?? 0] !== 1 || (isBot(block, i) && !filter.bots)) continue;
      plus(this.visitorHits, v, 1);
    }
  }

  copy(): this {
    return copied(this);
  }

  totals(): UsageTotals {
    const hits = this.visitorHits.reduce((a, b) => a + b, 0);
    const byUser = grouped(this.visitorHits, this.names.user, this.names.users.length);
    return { hits, users: byUser.filter((n) => n > 0).length };
  }
}

/** Adds up roll-ups and raw hits of a range into what the dashboard shows. */
export class UsageSum implements RangeSum {
  private readonly match: Matcher;
  /** In a row of a bit table, one bit a user. */
  private readonly words: number;
  /** By visitor: the word and the bit of its user. */
  private readonly word: Uint32Array;
  private readonly bit: Uint32Array;
  private readonly visitorHits: Float64Array;
  private readonly visitorErrors: Float64Array;
  private readonly endpointHits: Float64Array;
  private readonly endpointErrors: Float64Array;
  private readonly endpointUsers: Uint32Array;
  private readonly endpointLatency: Float64Array;
  private readonly statusHits = new Float64Array(STATUSES);
  private readonly seriesStart: number;
  private readonly seriesHits: Float64Array;
  private readonly seriesErrors: Float64Array;
  private readonly seriesUsers: Uint32Array;
  private readonly leftOut = { bots: 0, loopback: 0, nonTailnet: 0 };
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
    this.word = names.user.map((user) => user >>> 5);
    this.bit = names.user.map((user) => 1 << (user & 31));
    this.visitorHits = new Float64Array(names.user.length);
    this.visitorErrors = new Float64Array(names.user.length);
    this.endpointHits = new Float64Array(endpoints);
    this.endpointErrors = new Float64Array(endpoints);
    this.endpointUsers = new Uint32Array(endpoints * this.words);
    this.endpointLatency = new Float64Array(endpoints * LATENCY_BUCKETS);
    this.seriesStart = Math.floor(range.from / stepMs) * stepMs;
    const points = Math.max(0, Math.ceil((range.to - this.seriesStart) / stepMs));
    this.seriesHits = new Float64Array(points);
    this.seriesErrors = new Float64Array(points);
    this.seriesUsers = new Uint32Array(points * this.words);
  }

  addCells({ n, cells }: Cells, time: number): void {
    const { visitor, endpoint, status, bot, hits } = cells;
    const point = Math.floor((time - this.seriesStart) / this.stepMs);
    for (let i = 0; i < n; i++) {
      const e = endpoint[i] ?? 0;
      this.add(visitor[i] ?? 0, e, status[i] ?? 0, bot[i] === 1, hits[i] ?? 0, point);
    }
  }

  /** Adds the sizes and response times of roll-ups; they may be of other steps than those given to `addCells`. */
  addDetails({ n, cells }: Cells, { details, latency }: CellDetails): void {
    const { match, filter, endpointLatency } = this;
    const { visitor, endpoint, status, bot } = cells;
    const { bytes, latencies } = details;
    const { bucket, hits } = latency;
    let at = 0;
    for (let i = 0; i < n; i++) {
      const end = at + (latencies[i] ?? 0);
      const e = endpoint[i] ?? 0;
      if (
        match.visitor[visitor[i] ?? 0] === COUNTED &&
        match.endpoint[e] === 1 &&
        match.status[status[i] ?? 0] === 1 &&
        (bot[i] !== 1 || filter.bots)
      ) {
        this.bytes += bytes[i] ?? 0;
        const row = e * LATENCY_BUCKETS;
        for (; at < end; at++) plus(endpointLatency, row + (bucket[at] ?? 0), hits[at] ?? 0);
      }
      at = end;
    }
  }

  addHits(block: HitBlock, hour: number, range: TimeRange): void {
    const { visitor, endpoint, status, bytes, time, responseMs } = block.columns;
    for (let i = 0; i < block.n; i++) {
      const t = hour + (time[i] ?? 0);
      if (t < range.from || t >= range.to) continue;
      const e = endpoint[i] ?? 0;
      const point = Math.floor((t - this.seriesStart) / this.stepMs);
      if (!this.add(visitor[i] ?? 0, e, status[i] ?? 0, isBot(block, i), 1, point)) continue;
      this.bytes += Math.max(0, bytes[i] ?? 0);
      const ms = responseMs[i] ?? ABSENT;
      if (ms !== ABSENT) plus(this.endpointLatency, e * LATENCY_BUCKETS + latencyBucket(ms), 1);
    }
  }

  copy(): this {
    const copy = copied(this);
    Object.assign(copy, { leftOut: { ...this.leftOut } });
    return copy;
  }

  usage(): Usage {
    const { names } = this;
    const userHits = grouped(this.visitorHits, names.user, names.users.length);
    const userErrors = grouped(this.visitorErrors, names.user, names.users.length);
    const deviceHits = grouped(this.visitorHits, names.device, names.devices.length);
    const deviceErrors = grouped(this.visitorErrors, names.device, names.devices.length);
    const latency = new Float64Array(LATENCY_BUCKETS);
    this.endpointLatency.forEach((hits, i) => {
      plus(latency, i % LATENCY_BUCKETS, hits);
    });
    const devicesOf = new Map<string, number>();
    deviceHits.forEach((hits, d) => {
      const user = names.devices[d]?.user ?? '';
      if (hits > 0) devicesOf.set(user, (devicesOf.get(user) ?? 0) + 1);
    });
    return {
      totalAccesses: userHits.reduce((a, b) => a + b, 0),
      uniqueUsers: userHits.filter((hits) => hits > 0).length,
      uniqueDevices: deviceHits.filter((hits) => hits > 0).length,
      bytes: this.bytes,
      p50Ms: latencyQuantile(latency, 0.5),
      p95Ms: latencyQuantile(latency, 0.95),
      topEndpoints: most(this.endpointHits).map((e) => ({
        endpoint: names.endpoints[e] ?? '',
        hits: this.endpointHits[e] ?? 0,
        users: this.bits(this.endpointUsers, e),
        errors: this.endpointErrors[e] ?? 0,
        p50Ms: latencyQuantile(this.endpointLatency, 0.5, e * LATENCY_BUCKETS),
        p95Ms: latencyQuantile(this.endpointLatency, 0.95, e * LATENCY_BUCKETS),
      })),
      byUser: most(userHits).map((u) => ({
        user: names.users[u]?.user ?? '',
        userName: names.users[u]?.userName ?? '',
        hits: userHits[u] ?? 0,
        errors: userErrors[u] ?? 0,
        devices: devicesOf.get(names.users[u]?.user ?? '') ?? 0,
      })),
      byDevice: most(deviceHits).map((d) => ({
        device: names.devices[d]?.device ?? '',
        user: names.devices[d]?.user ?? '',
        hits: deviceHits[d] ?? 0,
        errors: deviceErrors[d] ?? 0,
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
    point: number,
  ): boolean {
    const { match, words } = this;
    const who = match.visitor[visitor] ?? NO;
    if (who === NO || match.endpoint[endpoint] !== 1 || match.status[status] !== 1) return false;
    if (who !== COUNTED) {
      this.leftOut[who === LOOPBACK ? 'loopback' : 'nonTailnet'] += hits;
      return false;
    }
    if (bot && !this.filter.bots) {
      this.leftOut.bots += hits;
      return false;
    }
    plus(this.visitorHits, visitor, hits);
    plus(this.endpointHits, endpoint, hits);
    plus(this.statusHits, status, hits);
    plus(this.seriesHits, point, hits);
    if (status >= 400) {
      plus(this.visitorErrors, visitor, hits);
      plus(this.endpointErrors, endpoint, hits);
      plus(this.seriesErrors, point, hits);
    }
    const word = this.word[visitor] ?? 0;
    const bit = this.bit[visitor] ?? 0;
    mark(this.endpointUsers, endpoint * words + word, bit);
    mark(this.seriesUsers, point * words + word, bit);
    return true;
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

/** Counts by visitor as counts by what `of` says each belongs to. */
function grouped(counts: Float64Array, of: Uint32Array, length: number): Float64Array {
  const sums = new Float64Array(length);
  counts.forEach((n, i) => {
    plus(sums, of[i] ?? 0, n);
  });
  return sums;
}

/** One kind of array only: with two, each of a million calls would have to look which it is. */
function plus(counts: Float64Array, i: number, by: number): void {
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
