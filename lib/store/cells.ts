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
 * dashboard, whatever its filter, is answered by adding up cells.
 */
export const CELL_SCHEMA = {
  bytes: 'f64',
  visitor: 'u32',
  hits: 'u32',
  endpoint: 'u16',
  /** 0: the log had none. */
  status: 'u16',
  bot: 'u8',
  /** How many rows of the latency table are this cell's; they stand there in the same order. */
  latencies: 'u8',
} as const;
const LATENCY_SCHEMA = { hits: 'u32', bucket: 'u8' } as const;

/** Cells as read back: columns, with `n` rows, and the latency rows of all cells one after another. */
export type Cells = {
  n: number;
  cells: Columns<typeof CELL_SCHEMA>;
  latency: Columns<typeof LATENCY_SCHEMA>;
};

/** Reads a packed roll-up. Throws `RangeError` when the blob is damaged. */
export function unpackCells(blob: Uint8Array): Cells {
  if (blob.byteLength < 8) throw new RangeError('a roll-up of less than 8 bytes');
  const head = new DataView(blob.buffer, blob.byteOffset, 8);
  const n = head.getUint32(0, true);
  const m = head.getUint32(4, true);
  const size = packedSize(CELL_SCHEMA, n);
  return {
    n,
    cells: unpackColumns(CELL_SCHEMA, blob, 8, n),
    latency: unpackColumns(LATENCY_SCHEMA, blob, 8 + size + padding(size), m),
  };
}

const padding = (size: number) => (8 - (size % 8)) % 8;

/** Adds hits or whole roll-ups up into one. */
export class CellTable {
  private readonly index = new Map<number, number>();
  private readonly latency = new Map<number, number>();
  private columns = emptyColumns(CELL_SCHEMA, 64);
  private n = 0;

  /** Counts hits of one kind. `responseMs` and `status` as in `Hit`; `bytes` 0 when unknown. */
  add(
    visitor: number,
    endpoint: number,
    status: number | null,
    bot: boolean,
    bytes: number,
    responseMs: number | null,
  ): void {
    const cell = this.cell(visitor, endpoint, status ?? 0, bot ? 1 : 0);
    this.columns.hits[cell] = (this.columns.hits[cell] ?? 0) + 1;
    this.columns.bytes[cell] = (this.columns.bytes[cell] ?? 0) + bytes;
    if (responseMs !== null) this.addLatency(cell, latencyBucket(responseMs), 1);
  }

  merge({ n, cells, latency }: Cells): void {
    let at = 0;
    for (let i = 0; i < n; i++) {
      const cell = this.cell(
        cells.visitor[i] ?? 0,
        cells.endpoint[i] ?? 0,
        cells.status[i] ?? 0,
        cells.bot[i] ?? 0,
      );
      this.columns.hits[cell] = (this.columns.hits[cell] ?? 0) + (cells.hits[i] ?? 0);
      this.columns.bytes[cell] = (this.columns.bytes[cell] ?? 0) + (cells.bytes[i] ?? 0);
      const end = at + (cells.latencies[i] ?? 0);
      for (; at < end; at++) this.addLatency(cell, latency.bucket[at] ?? 0, latency.hits[at] ?? 0);
    }
  }

  pack(): Uint8Array {
    const rows = this.latencyRows();
    const { bucket, hits } = rows;
    const cells = packColumns(CELL_SCHEMA, this.columns, this.n);
    const latencies = packColumns(LATENCY_SCHEMA, { bucket, hits }, rows.n);
    const packed = new Uint8Array(8 + cells.length + padding(cells.length) + latencies.length);
    const head = new DataView(packed.buffer);
    head.setUint32(0, this.n, true);
    head.setUint32(4, rows.n, true);
    packed.set(cells, 8);
    packed.set(latencies, 8 + cells.length + padding(cells.length));
    return packed;
  }

  private cell(visitor: number, endpoint: number, status: number, bot: number): number {
    const key = ((visitor * 2048 + endpoint) * 1024 + status) * 2 + bot;
    const known = this.index.get(key);
    if (known !== undefined) return known;
    const cell = this.n++;
    if (cell === this.columns.hits.length) {
      this.columns = grownColumns(CELL_SCHEMA, this.columns, cell * 2);
    }
    this.index.set(key, cell);
    this.columns.visitor[cell] = visitor;
    this.columns.endpoint[cell] = endpoint;
    this.columns.status[cell] = status;
    this.columns.bot[cell] = bot;
    return cell;
  }

  private addLatency(cell: number, bucket: number, hits: number): void {
    const key = cell * LATENCY_BUCKETS + bucket;
    this.latency.set(key, (this.latency.get(key) ?? 0) + hits);
  }

  /** The latency table in cell order; also fills in each cell's count of rows. */
  private latencyRows() {
    const keys = Float64Array.from(this.latency.keys()).sort();
    const rows = { n: keys.length, ...emptyColumns(LATENCY_SCHEMA, keys.length) };
    this.columns.latencies.fill(0);
    keys.forEach((key, i) => {
      const cell = Math.floor(key / LATENCY_BUCKETS);
      this.columns.latencies[cell] = (this.columns.latencies[cell] ?? 0) + 1;
      rows.bucket[i] = key % LATENCY_BUCKETS;
      rows.hits[i] = this.latency.get(key) ?? 0;
    });
    return rows;
  }
}
