import { CLIENT_KINDS, type ClientKind, type Hit, type HostEndpoint } from '../domain/access';
import { type Columns, emptyColumns, grownColumns } from './columns';
import type { HitRow } from './hit-row';

const BATCH_SCHEMA = {
  offset: 'f64',
  time: 'f64',
  /** -1: none. */
  bytes: 'f64',
  /** -1: none. */
  responseMs: 'f64',
  file: 'u32',
  ip: 'u32',
  method: 'u32',
  path: 'u32',
  endpoint: 'u32',
  /** 0: none. */
  status: 'u16',
  client: 'u8',
} as const;

const CLIENT_CODES = Object.fromEntries(CLIENT_KINDS.map((kind, i) => [kind, i])) as Record<
  ClientKind,
  number
>;

/** Numbers strings in the order they come. */
class Codes<T extends string | null> {
  readonly values: T[] = [];
  private readonly codes = new Map<T, number>();

  code(value: T): number {
    const existing = this.codes.get(value);
    if (existing !== undefined) return existing;
    const code = this.values.length;
    this.values.push(value);
    this.codes.set(value, code);
    return code;
  }
}

/**
 * Hits on their way into the store, as columns: a million of them as objects would keep the garbage collector busier
 * than the disk. Each string is there once, in `ips`, `methods`, `paths` or `endpoints`, by the code in its column.
 */
export class HitBatch {
  length = 0;
  columns: Columns<typeof BATCH_SCHEMA>;
  private readonly ipCodes = new Codes<string>();
  private readonly methodCodes = new Codes<string | null>();
  private readonly pathCodes = new Codes<string | null>();
  private readonly endpointList: HostEndpoint[] = [];
  /** By host, the codes of its endpoints. */
  private readonly endpointCodes = new Map<string | null, Map<string, number>>();

  /** `room`: for how many hits there is room once the first `capacity` of them do not suffice. */
  constructor(
    capacity = 256,
    private readonly room = 0,
  ) {
    this.columns = emptyColumns(BATCH_SCHEMA, capacity);
  }

  static of(hits: readonly Hit[]): HitBatch {
    const batch = new HitBatch(Math.max(1, hits.length));
    for (const hit of hits) batch.add(hit, hit.position.file, hit.position.offset);
    return batch;
  }

  get ips(): readonly string[] {
    return this.ipCodes.values;
  }
  get methods(): readonly (string | null)[] {
    return this.methodCodes.values;
  }
  get paths(): readonly (string | null)[] {
    return this.pathCodes.values;
  }
  get endpoints(): readonly HostEndpoint[] {
    return this.endpointList;
  }

  /** Adds a parsed line, found in a file at an offset. */
  add(hit: Omit<Hit, 'position'>, file: number, offset: number): void {
    const i = this.length++;
    if (i === this.columns.file.length) {
      this.columns = grownColumns(BATCH_SCHEMA, this.columns, Math.max(i * 2, this.room));
    }
    const { columns } = this;
    columns.offset[i] = offset;
    columns.file[i] = file;
    columns.time[i] = hit.time;
    columns.bytes[i] = hit.bytes ?? -1;
    columns.responseMs[i] = hit.responseMs ?? -1;
    columns.status[i] = hit.status ?? 0;
    columns.client[i] = CLIENT_CODES[hit.client];
    columns.ip[i] = this.ipCodes.code(hit.ip);
    columns.method[i] = this.methodCodes.code(hit.method);
    columns.path[i] = this.pathCodes.code(hit.path);
    columns.endpoint[i] = this.endpointCode(hit);
  }

  private endpointCode({ host, endpoint }: HostEndpoint): number {
    let codes = this.endpointCodes.get(host);
    if (codes === undefined) {
      codes = new Map();
      this.endpointCodes.set(host, codes);
    }
    const existing = codes.get(endpoint);
    if (existing !== undefined) return existing;
    const code = this.endpointList.length;
    this.endpointList.push({ host, endpoint });
    codes.set(endpoint, code);
    return code;
  }

  /** Fills in `row` with row `i`, its strings and endpoint by the codes of this batch; `visitor` is left alone. */
  readRow(i: number, row: HitRow): void {
    const { columns } = this;
    row.file = columns.file[i] ?? 0;
    row.offset = columns.offset[i] ?? 0;
    row.time = columns.time[i] ?? 0;
    row.status = columns.status[i] ?? 0;
    row.bytes = columns.bytes[i] ?? -1;
    row.responseMs = columns.responseMs[i] ?? -1;
    row.client = columns.client[i] ?? 0;
    row.endpoint = columns.endpoint[i] ?? 0;
    row.method = columns.method[i] ?? 0;
    row.path = columns.path[i] ?? 0;
    row.ip = columns.ip[i] ?? 0;
  }
}
