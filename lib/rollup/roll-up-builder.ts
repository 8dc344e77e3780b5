import { LATENCY_BUCKETS, latencyBucket } from '../domain/latency';
import { emptyColumns, grownColumns, packColumns } from './columns';
import { BOT, type HitRow } from './hit-row';
import {
  DETAIL_SCHEMA,
  HEADER_BYTES,
  LATENCY_SCHEMA,
  type PackedRollUp,
  paddedSize,
  ROW_SCHEMA,
  type RollUp,
} from './roll-up';

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
  /** LATENCY_BUCKETS counts per row. */
  private latency = new Uint32Array(16 * LATENCY_BUCKETS);
  /** An open-addressing hash table of row numbers + 1: ingest would spend its time in a `Map` of such keys. */
  private slots = new Uint32Array(64);

  /** Counts one hit. */
  add(hit: CountedHit): void {
    const row = this.row(hit.visitor, hit.endpoint, hit.status, hit.client === BOT ? 1 : 0);
    const { columns, details } = this;
    columns.hits[row] = (columns.hits[row] ?? 0) + 1;
    if (hit.bytes > 0) details.bytes[row] = (details.bytes[row] ?? 0) + hit.bytes;
    if (hit.responseMs >= 0) this.addLatency(row, latencyBucket(hit.responseMs), 1);
  }

  /** Counts what a roll-up has counted. */
  merge({ n, columns, details, latency }: RollUp): void {
    let at = 0;
    for (let i = 0; i < n; i++) {
      const row = this.row(
        columns.visitor[i] ?? 0,
        columns.endpoint[i] ?? 0,
        columns.status[i] ?? 0,
        columns.bot[i] ?? 0,
      );
      this.columns.hits[row] = (this.columns.hits[row] ?? 0) + (columns.hits[i] ?? 0);
      this.details.bytes[row] = (this.details.bytes[row] ?? 0) + (details.bytes[i] ?? 0);
      const end = at + (details.latencies[i] ?? 0);
      for (; at < end; at++) this.addLatency(row, latency.bucket[at] ?? 0, latency.hits[at] ?? 0);
    }
  }

  pack(): PackedRollUp {
    const latency = this.latencyRows();
    const rows = packColumns(ROW_SCHEMA, this.columns, this.n);
    const details = packColumns(DETAIL_SCHEMA, this.details, this.n);
    const latencies = packColumns(LATENCY_SCHEMA, latency.columns, latency.n);
    return {
      rows: blobOf(this.n, 0, rows),
      details: blobOf(this.n, latency.n, details, latencies),
    };
  }

  /** Forgets everything but the room it has grown to: filling one again costs less than growing another. */
  clear(): void {
    const used = this.n;
    this.columns.hits.fill(0, 0, used);
    this.details.bytes.fill(0, 0, used);
    this.latency.fill(0, 0, used * LATENCY_BUCKETS);
    this.slots.fill(0);
    this.n = 0;
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
    const latency = new Uint32Array(before * 2 * LATENCY_BUCKETS);
    latency.set(this.latency);
    this.latency = latency;
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

  private addLatency(row: number, bucket: number, hits: number): void {
    const at = row * LATENCY_BUCKETS + bucket;
    this.latency[at] = (this.latency[at] ?? 0) + hits;
  }

  /** The latency table in the order of the rows; also fills in how many of its rows each has. */
  private latencyRows() {
    const { latency, columns, details } = this;
    let most = 0;
    for (let row = 0; row < this.n; row++)
      most += Math.min(columns.hits[row] ?? 0, LATENCY_BUCKETS);
    const table = emptyColumns(LATENCY_SCHEMA, most);
    let n = 0;
    for (let row = 0; row < this.n; row++) {
      const first = n;
      // Most rows hold a hit or two: their buckets need not be looked at to the end.
      let left = columns.hits[row] ?? 0;
      for (let bucket = 0; bucket < LATENCY_BUCKETS && left > 0; bucket++) {
        const hits = latency[row * LATENCY_BUCKETS + bucket] ?? 0;
        if (hits === 0) continue;
        table.bucket[n] = bucket;
        table.hits[n] = hits;
        left -= hits;
        n++;
      }
      details.latencies[row] = n - first;
    }
    return { n, columns: table };
  }
}

/** The header and what follows it, each part aligned, as one blob. */
function blobOf(n: number, latencies: number, first: Uint8Array, second?: Uint8Array): Uint8Array {
  const secondAt = HEADER_BYTES + (second ? paddedSize(first.length) : first.length);
  const blob = new Uint8Array(secondAt + (second?.length ?? 0));
  const header = new DataView(blob.buffer);
  header.setUint32(0, n, true);
  header.setUint32(4, latencies, true);
  blob.set(first, HEADER_BYTES);
  if (second) blob.set(second, secondAt);
  return blob;
}

/** Spreads the four numbers over 32 bits (the multipliers are the golden ratio's and Murmur's). */
function hash(visitor: number, endpoint: number, status: number, bot: number): number {
  const mixed = Math.imul(visitor, 0x9e3779b1) ^ Math.imul(endpoint * 2 + bot, 0x85ebca6b) ^ status;
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
