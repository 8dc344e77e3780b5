import type * as z from 'zod';
import type { TimeRange } from '../domain/access';
import type { ConnectionType } from '../domain/connection';
import { summarisePongs } from '../domain/connection-round';
import { TooMany } from '../domain/errors';
import { LATENCY_ERROR } from '../domain/latency';
import { SLOT_MS } from '../domain/latency-model';
import { flapsByDevice, lossOf } from '../domain/reachability';
import { say, spoken } from '../domain/said';
import { uptimeOf, uptimeShare } from '../domain/uptime';
import type { CollectorServices, Services } from '../services';
import { HOUR, SECOND } from '../util/time';
import { deviceCalled, knownDevice } from './devices';
import type {
  ConnectionStatsResponse,
  EventsResponse,
  LatencyForecastResponse,
  LatencyHistoryResponse,
  PathDistributionResponse,
  PathSpeedResponse,
  UptimeResponse,
} from './health-schemas';
import { lastStatus } from './last-status';
import { type EventsQuery, lastHours, type periodQuery } from './monitoring-query';
import { rangeOf } from './query';
import { eventResponse, isoTime, isoTimeOrNull } from './wire';

/** Returns a device's connection, from pings made now; our own device has none to itself. */
export async function connectionStats(
  services: CollectorServices,
  _query: unknown,
  { hostname }: { hostname: string },
): Promise<ConnectionStatsResponse> {
  const device = deviceCalled(services, hostname);
  const round = device.self ? NO_ROUND : await services.own.ping(device);
  if (!round) throw new TooMany(say('problems.manyPings'), 5);
  const listed = lastStatus(services).status.devices.find(({ id }) => id === device.id) ?? device;
  return {
    id: device.id,
    hostname: device.name,
    self: device.self,
    connection_stats: {
      hostname: device.name,
      connection_type: round.connectionType,
      relay_node: round.relayNode,
      tx_bytes: listed.txBytes,
      rx_bytes: listed.rxBytes,
      last_handshake: isoTimeOrNull(listed.lastHandshake),
      endpoint: round.endpoint,
    },
    ping_stats: {
      min: round.latencyMin,
      max: round.latencyMax,
      avg: round.latencyAvg,
      jitter: round.jitter,
      count: round.received,
      sent: round.sent,
      loss: lossOf(round),
    },
  };
}

const NO_ROUND = summarisePongs([]);

type Period = z.output<typeof periodQuery>;
const periodOf = (query: Period, now: number) => rangeOf({ ...query, days: undefined }, 24, now);
const hoursOf = ({ from, to }: TimeRange) => Math.round((to - from) / HOUR);

/** Returns a device's latency baseline, of a period and, when that ends now, for the next day; of one that has left, of the past. */
export async function latencyForecast(
  services: Services,
  query: Period,
  { hostname }: { hostname: string },
): Promise<LatencyForecastResponse> {
  const { id, name, device } = await knownDevice(services, hostname);
  const model = await services.connections.baseline(id);
  const isKnown = model.state === 'known';
  const now = Date.now();
  const { from, to } = periodOf(query, now);
  const past = isKnown ? model.past.filter(({ time }) => time >= from - SLOT_MS && time <= to) : [];
  const points = isKnown && device && to >= now ? [...past, ...model.next] : past;
  return {
    hostname: name,
    state: model.state,
    reason: isKnown ? null : spoken(model.reason),
    slot_seconds: SLOT_MS / SECOND,
    points: points.map(({ time, expectedMs, lowMs, highMs }) => ({
      timestamp: isoTime(time),
      expected_ms: expectedMs,
      low_ms: lowMs,
      high_ms: highMs,
    })),
  };
}

/** Returns a device's latencies in a period. */
export async function latencyHistory(
  services: Services,
  query: Period,
  { hostname }: { hostname: string },
): Promise<LatencyHistoryResponse> {
  const device = await knownDevice(services, hostname);
  const range = periodOf(query, Date.now());
  const { connectionIntervalMs } = services.instance;
  const history = await services.histories.connections.latencyHistory(
    device.id,
    range,
    connectionIntervalMs,
  );
  return {
    hostname: device.name,
    hours: hoursOf(range),
    history: history.map((point) => ({
      timestamp: isoTime(point.time),
      latency_ms: point.latencyMs,
      min_ms: point.minMs,
      max_ms: point.maxMs,
      loss: point.loss,
      sent: point.sent,
      received: point.received,
      connection_type: point.connectionType,
    })),
  };
}

/** Returns a device's uptime in a period, and the timeline of its path; also of one that has left. */
export async function uptime(
  services: Services,
  query: Period,
  { hostname }: { hostname: string },
): Promise<UptimeResponse> {
  const device = await knownDevice(services, hostname);
  const range = periodOf(query, Date.now());
  const counts = (await services.histories.connections.connectionCounts(range)).find(
    ({ nodeId }) => nodeId === device.id,
  );
  const spans = await services.histories.paths.pathSpans([device.id], range);
  const observed = uptimeOf(spans, range);
  return {
    id: device.id,
    hostname: device.name,
    in_tailnet: device.device !== null,
    left_at: isoTimeOrNull(device.leftAt),
    hours: hoursOf(range),
    uptime: uptimeShare(observed),
    observed_seconds: Math.round(observed.knownMs / 1_000),
    rounds: counts?.rounds ?? NO_ROUNDS,
    flaps: flapsByDevice(spans).get(device.id) ?? 0,
    spans: spans.slice(-1_000).map(({ from, to, path }) => ({
      from: isoTime(Math.max(from, range.from)),
      to: isoTime(Math.min(to, range.to)),
      path,
    })),
  };
}

const NO_ROUNDS = { direct: 0, peer_relay: 0, relay: 0, offline: 0, unknown: 0 };

/** Returns the paths that the rounds of the last days found, in total and per device. */
export async function pathDistribution(
  services: Services,
  { days }: { days: number },
): Promise<PathDistributionResponse> {
  const counts = await services.histories.connections.connectionCounts(lastHours(days * 24));
  const total = { ...NO_ROUNDS };
  for (const { rounds } of counts) {
    for (const [type, n] of Object.entries(rounds)) total[type as ConnectionType] += n;
  }
  return {
    days,
    total,
    nodes: counts.map(({ nodeId, hostname, rounds }) => ({ node_id: nodeId, hostname, rounds })),
  };
}

/** Returns response times of the same endpoints over direct and relayed paths, in the last hours. */
export async function speedByPath(
  services: Services,
  { hours }: { hours: number },
): Promise<PathSpeedResponse> {
  const range = lastHours(hours);
  const speeds = await services.histories.accesses.speedByPath(range);
  return {
    from: isoTime(range.from),
    to: isoTime(range.to),
    // From single hits.
    response_time_error: LATENCY_ERROR,
    speeds: speeds.map(({ p50Ms, p95Ms, ...rest }) => ({ ...rest, p50_ms: p50Ms, p95_ms: p95Ms })),
  };
}

/** Returns what changed, newest first. */
export async function events(services: Services, query: EventsQuery): Promise<EventsResponse> {
  const range = rangeOf(query, 24 * 7, Date.now());
  const node = query.node === undefined ? null : await knownDevice(services, query.node);
  const filter = { kind: query.kind, nodeId: node?.id };
  const page = await services.histories.events.events(
    range,
    filter,
    query.limit,
    query.cursor ?? null,
  );
  return {
    from: isoTime(range.from),
    to: isoTime(range.to),
    events: page.events.map(eventResponse),
    next_cursor: page.nextCursor,
  };
}
