import type { Connection, PathSpan } from '../../domain/connection';
import { CONNECTION_TYPES } from '../../domain/connection';
import type { StoredEvent } from '../../domain/event';
import type { ConnectionSums } from '../../rollup/connection-sums';
import { SECOND } from '../../util/time';
import { digest, line, nanos, tagKey, text, whole } from './lines';

/** Nanoseconds within a millisecond, derived from a name, so that points of one moment stay distinct. */
const within = (name: string) =>
  String(Number.parseInt(digest(name).slice(0, 8), 16) % 1_000_000).padStart(6, '0');

/** Returns a round of pings to a device as a point. `round` contains all of it, exactly. */
export function roundLine(round: Connection, collector: string): string {
  const tags = {
    collector,
    connection_type: round.connectionType,
    hostname: round.hostname,
    node_id: tagKey(round.nodeId),
    relay_node: round.relayNode,
  };
  const fields = {
    latency_avg: round.latencyAvg,
    latency_min: round.latencyMin,
    latency_max: round.latencyMax,
    jitter: round.jitter,
    sent: whole(round.sent),
    received: whole(round.received),
    tx_bytes: whole(round.txBytes),
    rx_bytes: whole(round.rxBytes),
    endpoint: round.endpoint === null ? null : text(round.endpoint),
    round: text(JSON.stringify(round)),
  };
  return line('tailscale_connections', tags, fields, `${round.time}${within(round.nodeId)}`);
}

/** Returns the sums of rounds, from five minutes to a week, as a point; overwritten as it grows. */
export function latencyLine(row: ConnectionSums, collector: string): string {
  const number = (value: unknown) => (value === null || value === undefined ? null : Number(value));
  const tags = { collector, node_id: tagKey(String(row.node_id)), step: String(row.step) };
  const fields = {
    hostname: text(String(row.hostname)),
    sent: whole(Number(row.sent)),
    received: whole(Number(row.received)),
    latency_sum: number(row.latency_sum),
    latency_min: number(row.latency_min),
    latency_max: number(row.latency_max),
    ...Object.fromEntries(CONNECTION_TYPES.map((type) => [type, whole(Number(row[type]))])),
    sums: text(JSON.stringify(row)),
  };
  return line('observatory_latency', tags, fields, nanos(Number(row.start)));
}

/** Returns a span of one path as a point at its start; overwritten as it lengthens. */
export function healthLine(span: PathSpan, hostname: string, collector: string): string {
  const tags = { collector, hostname, node_id: tagKey(span.nodeId) };
  const fields = {
    path: text(span.path),
    online: span.path !== 'offline',
    seconds: (span.to - span.from) / SECOND,
    span: text(JSON.stringify(span)),
  };
  return line('tailscale_health', tags, fields, nanos(span.from));
}

/** Returns something that changed in the tailnet as a point. */
export function eventLine(event: StoredEvent, collector: string): string {
  const tags = {
    collector,
    hostname: event.hostname ?? '-',
    kind: event.kind,
    node_id: event.nodeId === null ? '-' : tagKey(event.nodeId),
  };
  const fields = {
    before: event.before === null ? null : text(event.before),
    after: event.after === null ? null : text(event.after),
    event: text(JSON.stringify(event)),
  };
  const order = String(event.id % 1_000).padStart(3, '0');
  return line(
    'tailscale_events',
    tags,
    fields,
    `${event.time}${order}${within(collector).slice(0, 3)}`,
  );
}

/** Returns the hourly number of devices by class as a point. */
export function summaryLine(
  time: number,
  summary: Record<string, unknown>,
  collector: string,
): string {
  return line(
    'tailscale_summary',
    { collector },
    { summary: text(JSON.stringify(summary)) },
    nanos(time),
  );
}
