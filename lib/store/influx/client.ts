import {
  type FluxTableColumn,
  type FluxTableMetaData,
  flux,
  HttpError,
  InfluxDB,
  type ParameterizedQuery,
} from '@influxdata/influxdb-client';
import { AppError } from '../../domain/errors';
import { say } from '../../domain/said';
import { SECOND } from '../../util/time';
import { StoreUnavailable } from '../ports/store-unavailable';

export type InfluxSettings = { url: string; token: string; org: string; bucket: string };

/** Hits and connections; roll-ups, kept longer; shared state of the parts, kept for ever. */
export type BucketKind = 'raw' | 'rollups' | 'state';

/** Reads and writes give up after this long without an answer. */
const TIMEOUT_MS = 20 * SECOND;
/** The operating system's text, somewhere in InfluxDB's answer. */
const DISK_FULL = 'no space left on device';
/** Rows of one answer; more is a mistake, or an hour with more hits than fit into this machine's memory. */
const MOST_ROWS = 3_000_000;
const GZIP_FROM = 1_024;
const LINES = 'text/plain; charset=utf-8';

/** A request that a server refused. `status` is null when there was no answer at all. */
export class InfluxRefusal extends AppError {
  override name = 'InfluxRefusal';
  constructor(
    readonly status: number | null,
    message: string,
    /** Milliseconds that the server asks us to wait; `null` when it did not say. */
    readonly retryAfterMs: number | null = null,
  ) {
    super('internal', message);
  }
}

/** One InfluxDB 2 server (or its cloud): queries, writes and the management calls, each with a timeout. */
export class Influx {
  readonly url: string;
  readonly org: string;
  private readonly db: InfluxDB;
  private readonly names: Record<BucketKind, string>;

  constructor({ url, token, org, bucket }: InfluxSettings) {
    this.url = url;
    this.org = org;
    this.db = new InfluxDB({ url, token, timeout: TIMEOUT_MS });
    this.names = { raw: bucket, rollups: `${bucket}_rollups`, state: `${bucket}_state` };
  }

  bucket(kind: BucketKind): string {
    return this.names[kind];
  }

  /**
   * Returns the rows of a Flux query, each converted by `map` from the named columns; a missing column is ''. Values
   * must be put into the query by the `flux` template, which escapes them. Throws `StoreUnavailable`.
   */
  async rows<T>(
    query: ParameterizedQuery,
    map: (get: (column: string) => string) => T,
  ): Promise<T[]> {
    const api = this.db.getQueryApi({ org: this.org, gzip: true });
    const rows: T[] = [];
    let table: FluxTableMetaData | undefined;
    let at = new Map<string, FluxTableColumn>();
    let values: string[] = [];
    const get = (column: string) => {
      const position = at.get(column);
      return position === undefined ? '' : values[position.index] || position.defaultValue;
    };
    try {
      for await (const row of api.iterateRows(query)) {
        if (row.tableMeta !== table) {
          table = row.tableMeta;
          at = new Map(table.columns.map((column) => [column.label, column]));
        }
        values = row.values;
        rows.push(map(get));
        if (rows.length > MOST_ROWS) {
          throw new InfluxRefusal(null, `an answer of more than ${MOST_ROWS} rows was cut off`);
        }
      }
    } catch (error) {
      throw this.unavailable(this.refusal(error));
    }
    return rows;
  }

  /** Returns how many series the buckets have, which determines the server's memory. Throws `StoreUnavailable`. */
  async series(): Promise<number> {
    let sum = 0;
    for (const bucket of [this.bucket('raw'), this.bucket('rollups')]) {
      const rows = await this.rows(
        flux`import "influxdata/influxdb"
          influxdb.cardinality(bucket: ${bucket}, start: -3650d)`,
        (get) => Number(get('_value')),
      );
      sum += rows[0] ?? 0;
    }
    return sum;
  }

  /** Writes lines of line protocol, with nanosecond timestamps. Throws `InfluxRefusal`. */
  async write(kind: BucketKind, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const params = new URLSearchParams({
      org: this.org,
      bucket: this.bucket(kind),
      precision: 'ns',
    });
    await this.request('POST', `/api/v2/write?${params}`, lines.join('\n'), LINES);
  }

  /** Writes like `write`, for lines that are not sent again. Throws `StoreUnavailable`. */
  async save(kind: BucketKind, lines: readonly string[]): Promise<void> {
    try {
      await this.write(kind, lines);
    } catch (error) {
      throw error instanceof InfluxRefusal ? this.unavailable(error) : error;
    }
  }

  /** Calls the HTTP API. Throws `InfluxRefusal`. */
  async request(
    method: string,
    path: string,
    body: unknown = '',
    contentType = 'application/json',
    onHeaders: (headers: Record<string, unknown>) => void = () => {},
  ): Promise<unknown> {
    try {
      return await this.db.transport.request(
        path,
        body,
        // Only InfluxDB's write call unpacks its body.
        {
          method,
          headers: { 'content-type': contentType },
          ...(contentType === LINES ? { gzipThreshold: GZIP_FROM } : {}),
        },
        (headers) => onHeaders(headers),
      );
    } catch (error) {
      throw this.refusal(error);
    }
  }

  /** Returns an error with a message that the user can act on. */
  unavailable(refusal: InfluxRefusal): StoreUnavailable {
    const { status, message } = refusal;
    const options = { cause: refusal };
    if (status === null) {
      return new StoreUnavailable(
        'failed',
        say('stores.influxSilent', { url: this.url, message }),
        options,
      );
    }
    if (status === 401 || status === 403) {
      return new StoreUnavailable(
        'read_only',
        say('stores.influxToken', {
          ...{ url: this.url, status, message, buckets: Object.values(this.names).join(', ') },
        }),
        options,
      );
    }
    if (status === 404 || /organization name/.test(message)) {
      return new StoreUnavailable(
        'failed',
        say('stores.influxNotFound', {
          ...{ url: this.url, message, org: this.org, bucket: this.bucket('raw') },
        }),
        options,
      );
    }
    if (message === DISK_FULL) {
      return new StoreUnavailable('failed', say('stores.influxFull', { url: this.url }), options);
    }
    const code = status === 429 || status === 503 ? 'busy' : 'failed';
    return new StoreUnavailable(
      code,
      say(status === 429 ? 'stores.influxBusy' : 'stores.influxRefused', {
        ...{ url: this.url, status, message },
      }),
      options,
    );
  }

  private refusal(error: unknown): InfluxRefusal {
    if (error instanceof InfluxRefusal) return error;
    if (error instanceof HttpError) {
      const text = messageOf(error);
      const message = text.includes(DISK_FULL) ? DISK_FULL : text.slice(0, 300);
      const wait = error.retryAfter();
      return new InfluxRefusal(error.statusCode, message, wait > 0 ? wait : null);
    }
    const reason = error instanceof Error ? error.message || error.name : String(error);
    return new InfluxRefusal(null, reason);
  }
}

function messageOf({ json, body, statusMessage, message }: HttpError): string {
  const said: unknown = json?.message;
  if (typeof said === 'string' && said !== '') return said;
  return (body || statusMessage || message).trim();
}
