import { LATENCY_BUCKETS, latencyBucket } from '../domain/latency';
import {
  type Columns,
  emptyColumns,
  grownColumns,
  packColumns,
  packedSize,
  unpackColumns,
} from './columns';

/**
 * A roll-up: the hits of one stretch of time counted by visitor, endpoint, status and bot or not. Any question of the
 * dashboard, whatever its filter, is answered by adding up cells. What only some questions need, sizes and response
 * times, stands in a blob of its own, so that the others need not read it.
 */
export const CELL_SCHEMA = {
  visitor: 'u32',
  hits: 'u32',
  endpoint: 'u16',
  /** 0: the log had none. */
  status: 'u16',
  bot: 'u8',
} as const;
/** Row for row beside the cells. */
const DETAIL_SCHEMA = {
  bytes: 'f64',
  /** How many rows of the latency table are this cell's; they stand there in the same order. */
  latencies: 'u8',
} as const;
const LATENCY_SCHEMA = { hits: 'u32', bucket: 'u8' } as const;

/** Cells as read back: columns, with `n` rows. */
export type Cells = { n: number; cells: Columns<typeof CELL_SCHEMA> };
/** What else is known of the same rows, and the latency rows of all cells one after another. */
export type CellDetails = {
  details: Columns<typeof DETAIL_SCHEMA>;
  latency: Columns<typeof LATENCY_SCHEMA>;
};
/** The two blobs of a roll-up. */
export type PackedCells = { cells: Uint8Array; details: Uint8Array };

/** Reads the cells of a packed roll-up. Throws `RangeError` when the blob is damaged. */
export function unpackCells(blob: Uint8Array): Cells {
  const n = headOf(blob)[0];
  return { n, cells: unpackColumns(CELL_SCHEMA, blob, 8, n) };
}

/** Reads the details of a packed roll-up. Throws `RangeError` when the blob is damaged. */
export function unpackDetails(blob: Uint8Array): CellDetails {
  const [n, m] = headOf(blob);
  const size = packedSize(DETAIL_SCHEMA, n);
  return {
    details: unpackColumns(DETAIL_SCHEMA, blob, 8, n),
    latency: unpackColumns(LATENCY_SCHEMA, blob, 8 + size + padding(size), m),
  };
}

/** Both, as they were packed. */
export function unpackAll(packed: PackedCells): Cells & CellDetails {
  return { ...unpackCells(packed.cells), ...unpackDetails(packed.details) };
}

function headOf(blob: Uint8Array): [n: number, m: number] {
  if (blob.byteLength < 8) throw new RangeError('a roll-up of less than 8 bytes');
  const head = new DataView(blob.buffer, blob.byteOffset, 8);
  return [head.getUint32(0, true), head.getUint32(4, true)];
}

const padding = (size: number) => (8 - (size % 8)) % 8;

/** Adds hits or whole roll-ups up into one. */
export class CellTable {
  private n = 0;
  private columns = emptyColumns(CELL_SCHEMA, 16);
  private details = emptyColumns(DETAIL_SCHEMA, 16);
  /** LATENCY_BUCKETS counts a cell. */
  private latency = new Uint32Array(16 * LATENCY_BUCKETS);
  /** An open-addressing hash table of cell numbers + 1: a Map of such keys is what ingesting would spend its time in. */
  private slots = new Uint32Array(64);

  /** Counts one hit. `status` and `bytes` are 0 when unknown. */
  add(
    visitor: number,
    endpoint: number,
    status: number,
    bot: boolean,
    bytes: number,
    responseMs: number | null,
  ): void {
    const cell = this.cell(visitor, endpoint, status, bot ? 1 : 0);
    const { columns, details } = this;
    columns.hits[cell] = (columns.hits[cell] ?? 0) + 1;
    details.bytes[cell] = (details.bytes[cell] ?? 0) + bytes;
    if (responseMs !== null) this.addLatency(cell, latencyBucket(responseMs), 1);
  }

  merge({ n, cells, details, latency }: Cells & CellDetails): void {
    let at = 0;
    for (let i = 0; i < n; i++) {
      const cell = this.cell(
        cells.visitor[i] ?? 0,
        cells.endpoint[i] ?? 0,
        cells.status[i] ?? 0,
        cells.bot[i] ?? 0,
      );
      this.columns.hits[cell] = (this.columns.hits[cell] ?? 0) + (cells.hits[i] ?? 0);
      this.details.bytes[cell] = (this.details.bytes[cell] ?? 0) + (details.bytes[i] ?? 0);
      const end = at + (details.latencies[i] ?? 0);
      for (; at < end; at++) this.addLatency(cell, latency.bucket[at] ?? 0, latency.hits[at] ?? 0);
    }
  }

  pack(): PackedCells {
    const { n, latency } = this.latencyRows();
    const cells = packColumns(CELL_SCHEMA, this.columns, this.n);
    const details = packColumns(DETAIL_SCHEMA, this.details, this.n);
    const latencies = packColumns(LATENCY_SCHEMA, latency, n);
    return {
      cells: blobOf(this.n, 0, [cells]),
      details: blobOf(this.n, n, [details, new Uint8Array(padding(details.length)), latencies]),
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

  private cell(visitor: number, endpoint: number, status: number, bot: number): number {
    const { columns, slots } = this;
    const mask = slots.length - 1;
    let slot = hash(visitor, endpoint, status, bot) & mask;
    for (let held = slots[slot] ?? 0; held !== 0; held = slots[slot] ?? 0) {
      const cell = held - 1;
      if (
        columns.visitor[cell] === visitor &&
        columns.endpoint[cell] === endpoint &&
        columns.status[cell] === status &&
        columns.bot[cell] === bot
      )
        return cell;
      slot = (slot + 1) & mask;
    }
    if (this.n === columns.hits.length) {
      this.grow();
      return this.cell(visitor, endpoint, status, bot);
    }
    const cell = this.n++;
    slots[slot] = cell + 1;
    columns.visitor[cell] = visitor;
    columns.endpoint[cell] = endpoint;
    columns.status[cell] = status;
    columns.bot[cell] = bot;
    return cell;
  }

  /** Twice the room; the hash table is kept at most a quarter full. */
  private grow(): void {
    const before = this.columns.hits.length;
    this.columns = grownColumns(CELL_SCHEMA, this.columns, before * 2);
    this.details = grownColumns(DETAIL_SCHEMA, this.details, before * 2);
    const latency = new Uint32Array(before * 2 * LATENCY_BUCKETS);
    latency.set(this.latency);
    this.latency = latency;
    const { visitor, endpoint, status, bot } = this.columns;
    this.slots = new Uint32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let cell = 0; cell < this.n; cell++) {
      let slot =
        hash(visitor[cell] ?? 0, endpoint[cell] ?? 0, status[cell] ?? 0, bot[cell] ?? 0) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = cell + 1;
    }
  }

  private addLatency(cell: number, bucket: number, hits: number): void {
    const at = cell * LATENCY_BUCKETS + bucket;
    this.latency[at] = (this.latency[at] ?? 0) + hits;
  }

  /** The latency table in cell order; also fills in each cell's count of rows. */
  private latencyRows() {
    const { latency, columns, details } = this;
    let most = 0;
    for (let cell = 0; cell < this.n; cell++) {
      most += Math.min(columns.hits[cell] ?? 0, LATENCY_BUCKETS);
    }
    const rows = emptyColumns(LATENCY_SCHEMA, most);
    let n = 0;
    for (let cell = 0; cell < this.n; cell++) {
      const first = n;
      // Most cells hold a hit or two: their buckets need not be looked at to the end.
      let left = columns.hits[cell] ?? 0;
      for (let bucket = 0; bucket < LATENCY_BUCKETS && left > 0; bucket++) {
        const hits = latency[cell * LATENCY_BUCKETS + bucket] ?? 0;
        if (hits === 0) continue;
        rows.bucket[n] = bucket;
        rows.hits[n] = hits;
        left -= hits;
        n++;
      }
      details.latencies[cell] = n - first;
    }
    return { n, latency: rows };
  }
}

/** Two numbers and what follows them, as one blob. */
function blobOf(n: number, m: number, parts: Uint8Array[]): Uint8Array {
  const blob = new Uint8Array(8 + parts.reduce((sum, part) => sum + part.length, 0));
  const head = new DataView(blob.buffer);
  head.setUint32(0, n, true);
  head.setUint32(4, m, true);
  let at = 8;
  for (const part of parts) {
    blob.set(part, at);
    at += part.length;
  }
  return blob;
}

/** Spreads the four numbers over 32 bits (the multipliers are the golden ratio's and Murmur's). */
function hash(visitor: number, endpoint: number, status: number, bot: number): number {
  const mixed = Math.imul(visitor, 0x9e3779b1) ^ Math.imul(endpoint * 2 + bot, 0x85ebca6b) ^ status;
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
