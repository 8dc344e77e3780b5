import { flux, fluxExpression } from '@influxdata/influxdb-client';
import { z } from 'zod';
import type { AccessFilter, TimeRange, Usage, UsageTotals } from '../../domain/access';
import {
  CONNECTION_TYPES,
  type Connection,
  type ConnectionCounts,
  type LatencyPoint,
  type PathSpan,
  type PathSpeed,
} from '../../domain/connection';
import { PATHS } from '../../domain/device';
import { EVENT_KINDS, type StoredEvent } from '../../domain/event';
import {
  type ConnectionSums,
  countSteps,
  historyOf,
  historySteps,
  toCounts,
} from '../../rollup/connection-sums';
import type { AccessHistory, HitPage } from '../ports/accesses';
import type { ConnectionHistory } from '../ports/connections';
import { matchCursor } from '../ports/cursor';
import type { EventFilter, EventHistory, EventPage } from '../ports/events';
import type { PathHistory } from '../ports/paths';
import type { Histories } from '../ports/stores';
import { instant } from './catalog';
import type { Influx } from './client';
import { tagKey } from './lines';
import { Questions } from './questions';

const HOUR = 3_600_000;
/** Paths, events and sums of pings may be this far ahead of our clock. */
const AHEAD_MS = 60_000;

const roundSchema = z.object({
  time: z.number(),
  nodeId: z.string(),
  hostname: z.string(),
  connectionType: z.enum(CONNECTION_TYPES),
  relayNode: z.string(),
  endpoint: z.string().nullable(),
  latencyAvg: z.number().nullable(),
  latencyMin: z.number().nullable(),
  latencyMax: z.number().nullable(),
  jitter: z.number().nullable(),
  sent: z.number(),
  received: z.number(),
  txBytes: z.number(),
  rxBytes: z.number(),
});
const spanSchema = z.object({
  nodeId: z.string(),
  from: z.number(),
  to: z.number(),
  path: z.enum(PATHS),
});
const sumsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
const eventSchema = z.object({
  id: z.number(),
  time: z.number(),
  kind: z.enum(EVENT_KINDS),
  nodeId: z.string().nullable(),
  hostname: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

/**
 * The store of a web replica: everything read from InfluxDB, nothing written. What several collectors found is shown as
 * one; `from` tells whose view of the connections it is when they differ.
 */
export class ReplicaStore implements AccessHistory, ConnectionHistory, EventHistory, PathHistory {
  constructor(
    private readonly influx: Influx,
    /** A collector's name, or `null` for all of them. */
    private readonly only: string | null = null,
    readonly questions: Questions = new Questions(influx),
  ) {}

  /** The same, of one collector or of all; what is remembered is remembered for both. */
  of(only: string | null): ReplicaStore {
    return new ReplicaStore(this.influx, only, this.questions);
  }

  histories(): Histories {
    return { accesses: this, connections: this, paths: this, events: this };
  }

  usage(range: TimeRange, filter: AccessFilter): Promise<Usage> {
    return this.questions.usage(range, this.filter(filter));
  }

  totals(range: TimeRange, filter: AccessFilter): Promise<UsageTotals> {
    return this.questions.totals(range, this.filter(filter));
  }

  hits(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Promise<HitPage> {
    return this.questions.hits(range, this.filter(filter), limit, cursor);
  }

  async speedByPath(range: TimeRange): Promise<PathSpeed[]> {
    return this.questions.speedByPath(range, await this.pathSpans(null, range));
  }

  async recentRounds(nodeId: string, limit: number): Promise<Connection[]> {
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('raw')}) |> range(start: -3650d, stop: ${this.soon()})
        |> filter(fn: (r) => r._measurement == "tailscale_connections" and r._field == "round")
        |> filter(fn: (r) => r.node_id == ${tagKey(nodeId)}) |> group()
        |> sort(columns: ["_time"], desc: true) |> limit(n: ${limit})
        |> keep(columns: ["_value", "collector"])`,
      taggedValue,
    );
    return this.mine(rows).map(({ value }) => roundSchema.parse(JSON.parse(value)));
  }

  async lastConnections(): Promise<Connection[]> {
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('raw')}) |> range(start: -3650d, stop: ${this.soon()})
        |> filter(fn: (r) => r._measurement == "tailscale_connections" and r._field == "round")
        |> last() |> keep(columns: ["_value", "collector"])`,
      taggedValue,
    );
    const last = new Map<string, Connection>();
    for (const { value } of this.mine(rows)) {
      const round = roundSchema.parse(JSON.parse(value));
      if (round.time > (last.get(round.nodeId)?.time ?? -1)) last.set(round.nodeId, round);
    }
    return [...last.values()].sort((a, b) => (a.hostname < b.hostname ? -1 : 1));
  }

  async latencyHistory(
    nodeId: string,
    range: TimeRange,
    intervalMs: number,
  ): Promise<LatencyPoint[]> {
    const { step, first } = historySteps(range, intervalMs);
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('rollups')})
        |> range(start: ${instant(first)}, stop: ${instant(range.to)})
        |> filter(fn: (r) => r._measurement == "observatory_latency" and r._field == "sums")
        |> filter(fn: (r) => r.step == ${String(step)} and r.node_id == ${tagKey(nodeId)})
        |> keep(columns: ["_value", "collector"])`,
      taggedValue,
    );
    return historyOf(
      summed(this.sums(rows), ({ start }) => String(start)),
      range,
      intervalMs,
    );
  }

  async connectionCounts(range: TimeRange): Promise<ConnectionCounts[]> {
    const { step, first } = countSteps(range);
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('rollups')})
        |> range(start: ${instant(first)}, stop: ${instant(range.to)})
        |> filter(fn: (r) => r._measurement == "observatory_latency" and r._field == "sums")
        |> filter(fn: (r) => r.step == ${String(step)})
        |> keep(columns: ["_value", "collector"])`,
      taggedValue,
    );
    const counts = summed(this.sums(rows), ({ node_id }) => String(node_id)).map(toCounts);
    return counts.sort((a, b) => (a.hostname < b.hostname ? -1 : 1));
  }

  /** Of each node as one collector saw it: two see two paths. */
  async pathSpans(nodeIds: readonly string[] | null, { from, to }: TimeRange): Promise<PathSpan[]> {
    if (nodeIds?.length === 0) return [];
    const bucket = this.influx.bucket('rollups');
    // Comparisons, not `contains`: only those are made where the points lie.
    const ofNodes = nodeIds?.map((id) => flux`r.node_id == ${tagKey(id)}`).join(' or ') ?? 'true';
    const rows = await this.influx.rows(
      flux`spans = (tables=<-) => tables
          |> filter(fn: (r) => r._measurement == "tailscale_health" and r._field == "span")
          |> filter(fn: (r) => ${fluxExpression(ofNodes)})
        from(bucket: ${bucket}) |> range(start: 0, stop: ${instant(from)}) |> spans() |> last()
          |> keep(columns: ["_value", "collector"]) |> yield(name: "before")
        from(bucket: ${bucket}) |> range(start: ${instant(from)}, stop: ${instant(to)}) |> spans()
          |> keep(columns: ["_value", "collector"]) |> yield(name: "within")`,
      taggedValue,
    );
    const observer = new Map<string, string>();
    const found = new Map<string, PathSpan & { collector: string }>();
    for (const { collector, value } of this.mine(rows)) {
      const span = spanSchema.parse(JSON.parse(value));
      if (span.to < from || span.from >= to) continue;
      const first = observer.get(span.nodeId);
      if (first === undefined || collector < first) observer.set(span.nodeId, collector);
      const key = `${collector} ${span.nodeId} ${span.from}`;
      if (span.to >= (found.get(key)?.to ?? 0)) found.set(key, { ...span, collector });
    }
    return [...found.values()]
      .filter(({ nodeId: node, collector }) => observer.get(node) === collector)
      .sort((a, b) => a.from - b.from)
      .map(({ collector: _, ...span }) => span);
  }

  async events(
    { from, to }: TimeRange,
    { kind, nodeId }: EventFilter,
    limit: number,
    cursor: string | null,
  ): Promise<EventPage> {
    if (cursor !== null) matchCursor(cursor, /^\d{16,19}$/);
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('rollups')})
        |> range(start: ${instant(from)}, stop: ${instant(to)})
        |> filter(fn: (r) => r._measurement == "tailscale_events" and r._field == "event")
        |> filter(fn: (r) => ${kind === undefined} or r.kind == ${kind ?? ''})
        |> filter(fn: (r) => ${nodeId === undefined} or r.node_id == ${tagKey(nodeId ?? '')})
        |> filter(fn: (r) => ${this.only === null} or r.collector == ${this.only ?? ''})
        |> map(fn: (r) => ({_value: r._value, at: int(v: r._time)}))
        |> filter(fn: (r) => ${cursor === null} or r.at < int(v: ${cursor ?? '0'}))
        |> group() |> sort(columns: ["at"], desc: true) |> limit(n: ${limit + 1})`,
      (get) => ({ value: get('_value'), at: get('at') }),
    );
    const events: StoredEvent[] = rows
      .slice(0, limit)
      .map(({ value }) => eventSchema.parse(JSON.parse(value)));
    const last = rows[limit - 1];
    return { events, nextCursor: rows.length > limit && last ? last.at : null };
  }

  private filter(filter: AccessFilter): AccessFilter {
    return this.only === null ? filter : { ...filter, collector: this.only };
  }

  private soon() {
    return instant(Date.now() + AHEAD_MS + HOUR * 24 * 365);
  }

  private mine<T extends { collector: string }>(rows: readonly T[]): T[] {
    return rows.filter(({ collector }) => this.only === null || collector === this.only);
  }

  private sums(rows: readonly { collector: string; value: string }[]): ConnectionSums[] {
    return this.mine(rows).map(({ value }) => sumsSchema.parse(JSON.parse(value)));
  }
}

const taggedValue = (get: (column: string) => string) => ({
  value: get('_value'),
  collector: get('collector'),
});

/** Sums of rounds added up, those of one key into one row. */
function summed(
  rows: readonly ConnectionSums[],
  key: (row: ConnectionSums) => string,
): ConnectionSums[] {
  const found = new Map<string, ConnectionSums>();
  for (const row of rows) {
    const other = found.get(key(row));
    found.set(key(row), other ? added(other, row) : row);
  }
  return [...found.values()];
}

function added(a: ConnectionSums, b: ConnectionSums): ConnectionSums {
  const sum = { ...a };
  for (const name of ['sent', 'received', 'latency_sum', ...CONNECTION_TYPES]) {
    sum[name] = Number(a[name]) + Number(b[name]);
  }
  const numbers = (name: string) =>
    [a[name], b[name]].filter((value) => value !== null).map(Number);
  const least = numbers('latency_min');
  const most = numbers('latency_max');
  sum.latency_min = least.length > 0 ? Math.min(...least) : null;
  sum.latency_max = most.length > 0 ? Math.max(...most) : null;
  sum.hostname = String(a.hostname) > String(b.hostname) ? a.hostname : b.hostname;
  return sum;
}
