import { CLIENT_KINDS, type Hit } from '../domain/access';
import {
  type Columns,
  emptyColumns,
  grownColumns,
  packColumns,
  packedSize,
  unpackColumns,
} from './columns';

/** A few hundred to a few thousand raw hits of one hour. Strings stand once each, in a JSON list behind the columns. */
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
  /** Into the strings; 0: none. */
  method: 'u16',
  path: 'u16',
  ip: 'u16',
  client: 'u8',
} as const;
const ABSENT = 0xffffffff;
const BOT = CLIENT_KINDS.indexOf('bot');

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
  if (blob.byteLength < 8) throw new RangeError('a hit block of less than 8 bytes');
  const n = new DataView(blob.buffer, blob.byteOffset, 8).getUint32(0, true);
  const end = 8 + packedSize(HIT_SCHEMA, n);
  let strings: (string | null)[] | undefined;
  return {
    n,
    columns: unpackColumns(HIT_SCHEMA, blob, 8, n),
    strings: () => {
      strings ??= JSON.parse(new TextDecoder().decode(blob.subarray(end))) as (string | null)[];
      return strings;
    },
  };
}

export const isBot = (block: HitBlock, i: number) => block.columns.client[i] === BOT;

/** Row `i` as a hit, but for what the store's dictionaries hold. `hour` is the block's, in epoch milliseconds. */
export function hitAt(block: HitBlock, i: number, hour: number): Omit<Hit, 'endpoint'> {
  const { columns } = block;
  const strings = block.strings();
  const bytes = columns.bytes[i] ?? -1;
  const responseMs = columns.responseMs[i] ?? ABSENT;
  return {
    place: { file: columns.file[i] ?? 0, offset: columns.offset[i] ?? 0 },
    time: hour + (columns.time[i] ?? 0),
    ip: strings[columns.ip[i] ?? 0] ?? '',
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
  private columns = emptyColumns(HIT_SCHEMA, 64);
  private readonly strings = new Map<string | null, number>([[null, 0]]);

  constructor(readonly hour: number) {}

  add(hit: Hit, visitor: number, endpoint: number): void {
    const i = this.n++;
    if (i === this.columns.file.length) {
      this.columns = grownColumns(HIT_SCHEMA, this.columns, i * 2);
    }
    const { columns } = this;
    columns.offset[i] = hit.place.offset;
    columns.file[i] = hit.place.file;
    columns.bytes[i] = hit.bytes ?? -1;
    columns.visitor[i] = visitor;
    columns.time[i] = hit.time - this.hour;
    columns.responseMs[i] = hit.responseMs === null ? ABSENT : Math.round(hit.responseMs);
    columns.endpoint[i] = endpoint;
    columns.status[i] = hit.status ?? 0;
    columns.method[i] = this.string(hit.method);
    columns.path[i] = this.string(hit.path);
    columns.ip[i] = this.string(hit.ip);
    columns.client[i] = CLIENT_KINDS.indexOf(hit.client);
  }

  /** Takes over the rows of a block that is to be extended. */
  addBlock(block: HitBlock): void {
    for (let i = 0; i < block.n; i++) {
      this.add(
        { ...hitAt(block, i, this.hour), endpoint: '' },
        block.columns.visitor[i] ?? 0,
        block.columns.endpoint[i] ?? 0,
      );
    }
  }

  pack(): Uint8Array {
    const columns = packColumns(HIT_SCHEMA, this.columns, this.n);
    const strings = new TextEncoder().encode(JSON.stringify([...this.strings.keys()]));
    const packed = new Uint8Array(8 + columns.length + strings.length);
    new DataView(packed.buffer).setUint32(0, this.n, true);
    packed.set(columns, 8);
    packed.set(strings, 8 + columns.length);
    return packed;
  }

  private string(value: string | null): number {
    const known = this.strings.get(value);
    if (known !== undefined) return known;
    const id = this.strings.size;
    this.strings.set(value, id);
    return id;
  }
}
