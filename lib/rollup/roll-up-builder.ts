import type { TimeRange } from '../domain/access';
import { latencyBucket } from '../domain/latency';
import { HOUR } from '../util/time';
import { emptyColumns, grownColumns, packColumns } from './columns';
import { ABSENT, type HitBlock } from './hit-block';
import { BOT, emptyRow, type HitRow } from './hit-row';
import { LatencyCounts } from './latency-counts';
import { unpackRollUp } from './roll-up';
import {
  DETAIL_SCHEMA,
  HEADER_BYTES,
  LATENCY_SCHEMA,
  latencyHeader,
  type PackedRollUp,
  paddedSize,
  ROW_SCHEMA,
  type RollUp,
} from './roll-up-layout';
import { MOST_UNDIVIDED, SLICE_ROWS, slicesOf, type VisitorRun, visitorsIn } from './slices';

/** About how many slices a large roll-up has: each costs something where all are read. */
const FEW_SLICES = 8;

/** A part of a roll-up: the rows of its visitors. */
export type PackedSlice = VisitorRun & PackedRollUp;

/** What a roll-up counts of a hit. */
export type CountedHit = Pick<
  HitRow,
  'visitor' | 'endpoint' | 'status' | 'client' | 'bytes' | 'responseMs'
>;

/** Adds hits or whole roll-ups up into one. */
export class RollUpBuilder {
  private n = 0;
  private columns = emptyColumns(ROW_SCHEMA, 16);
  private details = emptyColumns(DETAIL_SCHEMA, 16);
  private readonly latency = new LatencyCounts();
  /** Whether a roll-up with response times in coarser buckets is in it. */
  private coarse = false;
  /** An open-addressing hash table of row numbers + 1: ingest would spend its time in a `Map` of such keys. */
  private slots = new Uint32Array(64);

  /** Counts one hit. */
  add(hit: CountedHit): void {
    const row = this.row(hit.visitor, hit.endpoint, hit.status, hit.client === BOT ? 1 : 0);
    const { columns, details } = this;
    columns.hits[row] = (columns.hits[row] ?? 0) + 1;
    if (hit.bytes > 0) details.bytes[row] = (details.bytes[row] ?? 0) + hit.bytes;
    if (hit.responseMs >= 0) this.latency.add(row, latencyBucket(hit.responseMs), 1);
  }

  /** Counts the hits of a block that are in a range, milliseconds into its hour, and by a visitor who counts. */
  addBlock(
    { n, columns }: HitBlock,
    { from, to }: TimeRange = { from: 0, to: HOUR },
    counts: (visitor: number) => boolean = () => true,
  ): void {
    const hit = emptyRow();
    for (let i = 0; i < n; i++) {
      const time = columns.time[i] ?? 0;
      hit.visitor = columns.visitor[i] ?? 0;
      if (time < from || time >= to || !counts(hit.visitor)) continue;
      hit.endpoint = columns.endpoint[i] ?? 0;
      hit.status = columns.status[i] ?? 0;
      hit.client = columns.client[i] ?? 0;
      hit.bytes = columns.bytes[i] ?? -1;
      const ms = columns.responseMs[i] ?? ABSENT;
      hit.responseMs = ms === ABSENT ? -1 : ms;
      this.add(hit);
    }
  }

  /** Counts what a roll-up has counted. */
  merge(rollUp: RollUp): void {
    let at = 0;
    for (let i = 0; i < rollUp.n; i++) at = this.mergeRow(rollUp, i, at);
  }

  /** Packs it in slices by visitor. */
  slices(mostUndivided = MOST_UNDIVIDED, sliceRows = SLICE_ROWS): PackedSlice[] {
    const { visitor } = this.columns;
    const packed = this.pack();
    const most = Math.max(sliceRows, Math.ceil(this.n / FEW_SLICES));
    const divided = slicesOf(visitor, this.n, mostUndivided, most);
    if (divided === null) return [{ ...visitorsIn(visitor, this.n), ...packed }];
    const builders = divided.runs.map(() => new RollUpBuilder());
    const rollUp = unpackRollUp(packed);
    let at = 0;
    for (let i = 0; i < rollUp.n; i++) {
      const builder = builders[divided.of[visitor[i] ?? 0] ?? 0];
      if (builder) at = builder.mergeRow(rollUp, i, at);
    }
    return builders.map((builder) => ({
      ...visitorsIn(builder.columns.visitor, builder.n),
      ...builder.pack(),
    }));
  }

  pack(): PackedRollUp {
    const latency = this.latency.rows(this.n);
    this.details.latencies.set(latency.perRow);
    const rows = packColumns(ROW_SCHEMA, this.columns, this.n);
    const details = packColumns(DETAIL_SCHEMA, this.details, this.n);
    const latencies = packColumns(LATENCY_SCHEMA, latency.columns, latency.n);
    return {
      rows: blobOf(this.n, 0, rows),
      details: blobOf(this.n, latencyHeader(latency.n, this.coarse), details, latencies),
    };
  }

  /** Forgets everything but the room it has grown to: filling one again costs less than growing another. */
  clear(): void {
    const used = this.n;
    this.columns.hits.fill(0, 0, used);
    this.details.bytes.fill(0, 0, used);
    this.latency.clear();
    this.coarse = false;
    this.slots.fill(0);
    this.n = 0;
  }

  /** Counts what a row of a roll-up has counted, whose latency rows begin at `at`. Returns where the next row's begin. */
  private mergeRow({ columns, details, latency, coarse }: RollUp, i: number, at: number): number {
    const row = this.row(
      columns.visitor[i] ?? 0,
      columns.endpoint[i] ?? 0,
      columns.status[i] ?? 0,
      columns.bot[i] ?? 0,
    );
    this.columns.hits[row] = (this.columns.hits[row] ?? 0) + (columns.hits[i] ?? 0);
    this.details.bytes[row] = (this.details.bytes[row] ?? 0) + (details.bytes[i] ?? 0);
    const end = at + (details.latencies[i] ?? 0);
    if (coarse && end > at) this.coarse = true;
    for (let l = at; l < end; l++) {
      this.latency.add(row, latency.bucket[l] ?? 0, latency.hits[l] ?? 0);
    }
    return end;
  }

  /** Returns the row of a visitor, endpoint, status and bot or not, a new one if there is none. */
  private row(visitor: number, endpoint: number, status: number, bot: number): number {
    const { columns, slots } = this;
    const mask = slots.length - 1;
    let slot = hash(visitor, endpoint, status, bot) & mask;
    for (let held = slots[slot] ?? 0; held !== 0; held = slots[slot] ?? 0) {
      const row = held - 1;
      if (
        columns.visitor[row] === visitor &&
        columns.endpoint[row] === endpoint &&
        columns.status[row] === status &&
        columns.bot[row] === bot
      )
        return row;
      slot = (slot + 1) & mask;
    }
    if (this.n === columns.hits.length) {
      this.grow();
      return this.row(visitor, endpoint, status, bot);
    }
    const row = this.n++;
    slots[slot] = row + 1;
    columns.visitor[row] = visitor;
    columns.endpoint[row] = endpoint;
    columns.status[row] = status;
    columns.bot[row] = bot;
    return row;
  }

  /** Twice the room; the hash table is kept at most a quarter full. */
  private grow(): void {
    const before = this.columns.hits.length;
    this.columns = grownColumns(ROW_SCHEMA, this.columns, before * 2);
    this.details = grownColumns(DETAIL_SCHEMA, this.details, before * 2);
    const { visitor, endpoint, status, bot } = this.columns;
    this.slots = new Uint32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let row = 0; row < this.n; row++) {
      let slot =
        hash(visitor[row] ?? 0, endpoint[row] ?? 0, status[row] ?? 0, bot[row] ?? 0) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = row + 1;
    }
  }
}

/** The header and what follows it, each part aligned, as one blob. */
function blobOf(n: number, second: number, first: Uint8Array, last?: Uint8Array): Uint8Array {
  const lastAt = HEADER_BYTES + (last ? paddedSize(first.length) : first.length);
  const blob = new Uint8Array(lastAt + (last?.length ?? 0));
  const header = new DataView(blob.buffer);
  header.setUint32(0, n, true);
  header.setUint32(4, second, true);
  blob.set(first, HEADER_BYTES);
  if (last) blob.set(last, lastAt);
  return blob;
}

/** Spreads the four numbers over 32 bits (the multipliers are the golden ratio's and Murmur's). */
function hash(visitor: number, endpoint: number, status: number, bot: number): number {
  const mixed = Math.imul(visitor, 0x9e3779b1) ^ Math.imul(endpoint * 2 + bot, 0x85ebca6b) ^ status;
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
