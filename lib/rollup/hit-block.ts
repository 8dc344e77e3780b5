import { CLIENT_KINDS, type Hit } from '../domain/access';
import {
  type Columns,
  emptyColumns,
  grownColumns,
  packColumns,
  packedSize,
  unpackColumns,
} from './columns';
import type { HitRow } from './hit-row';
import { type VisitorRun, visitorsIn } from './slices';

/** A few hundred to a few thousand hits of one hour. Each string is there once, in a JSON list behind the columns. */
const HIT_SCHEMA = {
  offset: 'f64',
  /** -1: the log had none. */
  bytes: 'f64',
  file: 'u32',
  visitor: 'u32',
  /** Milliseconds into the hour. */
  time: 'u32',
  /** Milliseconds; ABSENT: the log had none. */
  responseMs: 'u32',
  endpoint: 'u16',
  /** 0: the log had none. */
  status: 'u16',
  /** Into the strings; 0: none (an `ip`: the visitor's own). */
  method: 'u16',
  path: 'u16',
  ip: 'u16',
  client: 'u8',
} as const;
const HIT_COLUMNS = Object.keys(HIT_SCHEMA) as (keyof typeof HIT_SCHEMA)[];
/** The response time of a hit whose line had none. */
export const ABSENT = 0xffffffff;
const HEADER_BYTES = 8;

/** The most hits in one block: its strings are numbered with 16 bits, three a hit. */
export const BLOCK_CAPACITY = 16_384;

export type HitBlock = {
  n: number;
  columns: Columns<typeof HIT_SCHEMA>;
  /** Decoded when asked for: most readers need few strings. */
  strings: () => (string | null)[];
};

/** Reads a packed block. Throws `RangeError` when the blob is damaged. */
export function unpackHits(blob: Uint8Array): HitBlock {
  if (blob.byteLength < HEADER_BYTES) throw new RangeError('a hit block of less than 8 bytes');
  const n = new DataView(blob.buffer, blob.byteOffset, HEADER_BYTES).getUint32(0, true);
  const end = HEADER_BYTES + packedSize(HIT_SCHEMA, n);
  let strings: (string | null)[] | undefined;
  return {
    n,
    columns: unpackColumns(HIT_SCHEMA, blob, HEADER_BYTES, n),
    strings: () => {
      strings ??= JSON.parse(new TextDecoder().decode(blob.subarray(end))) as (string | null)[];
      return strings;
    },
  };
}

/** Row `i` as a hit, but for what the store's dictionaries hold (`ip` is null when it is the visitor's). `hour` is the block's, in epoch milliseconds. */
export function hitAt(
  block: HitBlock,
  i: number,
  hour: number,
): Omit<Hit, 'host' | 'endpoint' | 'ip'> & { ip: string | null } {
  const { columns } = block;
  const strings = block.strings();
  const bytes = columns.bytes[i] ?? -1;
  const responseMs = columns.responseMs[i] ?? ABSENT;
  return {
    position: { file: columns.file[i] ?? 0, offset: columns.offset[i] ?? 0 },
    time: hour + (columns.time[i] ?? 0),
    ip: strings[columns.ip[i] ?? 0] ?? null,
    method: strings[columns.method[i] ?? 0] ?? null,
    path: strings[columns.path[i] ?? 0] ?? null,
    status: columns.status[i] || null,
    responseMs: responseMs === ABSENT ? null : responseMs,
    bytes: bytes < 0 ? null : bytes,
    client: CLIENT_KINDS[columns.client[i] ?? 0] ?? 'unknown',
  };
}

/** Collects hits of one hour into a block. */
export class HitBlockBuilder {
  n = 0;
  private columns: Columns<typeof HIT_SCHEMA>;
  private readonly strings = new Map<string | null, number>([[null, 0]]);

  /** `room`: about how many hits are to be added. */
  constructor(
    readonly hour: number,
    room = 32,
  ) {
    this.columns = emptyColumns(HIT_SCHEMA, room);
  }

  /** Adds a hit; its `method`, `path` and `ip` are numbers that `string` gave. */
  add(hit: HitRow): void {
    const row = this.row();
    const { columns } = this;
    columns.offset[row] = hit.offset;
    columns.file[row] = hit.file;
    columns.bytes[row] = hit.bytes;
    columns.time[row] = hit.time - this.hour;
    columns.responseMs[row] = hit.responseMs < 0 ? ABSENT : Math.round(hit.responseMs);
    columns.status[row] = hit.status;
    columns.client[row] = hit.client;
    columns.visitor[row] = hit.visitor;
    columns.endpoint[row] = hit.endpoint;
    columns.method[row] = hit.method;
    columns.path[row] = hit.path;
    columns.ip[row] = hit.ip;
  }

  /** Takes over the rows of a block that is to be extended. */
  addBlock(block: HitBlock): void {
    for (let i = 0; i < block.n; i++) this.copyRow(block, i);
  }

  /** The visitors of its hits. */
  get visitors(): VisitorRun {
    return visitorsIn(this.columns.visitor, this.n);
  }

  /** Adds a row of a block. */
  copyRow(block: HitBlock, i: number): void {
    const strings = block.strings();
    const row = this.row();
    for (const name of HIT_COLUMNS) this.columns[name][row] = block.columns[name][i] ?? 0;
    for (const name of ['method', 'path', 'ip'] as const) {
      this.columns[name][row] = this.string(strings[block.columns[name][i] ?? 0] ?? null);
    }
  }

  /** The number of a string in this block. */
  string(value: string | null): number {
    const existing = this.strings.get(value);
    if (existing !== undefined) return existing;
    const id = this.strings.size;
    this.strings.set(value, id);
    return id;
  }

  pack(): Uint8Array {
    const columns = packColumns(HIT_SCHEMA, this.columns, this.n);
    const strings = new TextEncoder().encode(JSON.stringify([...this.strings.keys()]));
    const packed = new Uint8Array(HEADER_BYTES + columns.length + strings.length);
    new DataView(packed.buffer).setUint32(0, this.n, true);
    packed.set(columns, HEADER_BYTES);
    packed.set(strings, HEADER_BYTES + columns.length);
    return packed;
  }

  private row(): number {
    const row = this.n++;
    if (row === this.columns.file.length) {
      this.columns = grownColumns(HIT_SCHEMA, this.columns, row * 2);
    }
    return row;
  }
}
