import type { Call, Loaded, Resource } from '../calls/call';
import { healthCalls, nodeCalls } from '../calls/page-calls';
import type { Path } from '../domain/device';
import { requireRole } from '../identity/current';
import { currentServices } from '../services';
import { collectorsWire } from './health';
import type {
  AlertsWire,
  DiagnosticsWire,
  EventsWire,
  LatencyForecastWire,
  LatencyHistoryWire,
  MonitoredNodeWire,
  NodesWire,
  PathDistributionWire,
  PathSpeedWire,
  SummaryWire,
  UptimeWire,
} from './health-schemas';
import { load, loaded } from './load';
import { criticalWithPaths, monitoredNode, nodeCalled } from './monitoring';
import type { AccessLogsWire, DeviceWire, HealthWire, UsageWire } from './schemas';
import { deviceWire, isoTimeOrNull } from './wire';

/** A stretch of one path; epoch milliseconds. */
type Span = { from: number; to: number; path: Path };

/** The critical nodes, and how their paths were over the last day, by node id. */
export type Connections = { critical: Resource<NodesWire>; spans: Record<string, Span[]> };

/** Loads the critical nodes with their paths; leaves them to the browser until tailscaled has answered for the first time. */
export async function loadConnections(
  call: Call<'/health-monitoring/critical'>,
): Promise<Connections> {
  requireRole('viewer');
  const services = currentServices().forCollector(call.parameters.collector);
  if (services.tailnet.view().status === null) return { critical: call, spans: {} };
  const { critical, spans } = await criticalWithPaths(services);
  const byNode: Connections['spans'] = {};
  for (const { id } of critical.nodes) byNode[id] = [];
  for (const { nodeId, ...span } of spans) byNode[nodeId]?.push(span);
  return { critical: loaded(call, critical), spans: byNode };
}

/** All that a node's page shows at first. */
export type NodePage = {
  device: DeviceWire;
  lastHandshake: string | null;
  /** `null` for our own node: nobody pings themselves. So are `history`, `forecast` and `uptime`. */
  monitoring: MonitoredNodeWire | null;
  history: Loaded<LatencyHistoryWire> | null;
  forecast: Loaded<LatencyForecastWire> | null;
  uptime: Loaded<UptimeWire> | null;
  /** Those it is compared with, in the order asked for; unknown names are left out. */
  compared: Loaded<LatencyHistoryWire>[];
  /** What it may be compared with. */
  critical: Loaded<NodesWire>;
  usage: Loaded<UsageWire>;
  /** Hit by hit, for a range too short for a series; else `null`. */
  hits: Loaded<AccessLogsWire> | null;
  events: Loaded<EventsWire>;
  alerts: Loaded<AlertsWire>;
  collectors: HealthWire['collectors'];
};

/** Loads the page of a node, by its id or host name. Throws `NotFound`, naming those that may have been meant, and `InvalidInput` when there is no such collector. */
export async function loadNodePage(
  idOrName: string,
  view: { hours: number; compare: readonly string[]; collector: string | undefined },
): Promise<NodePage> {
  requireRole('viewer');
  const services = currentServices().forCollector(view.collector);
  const device = nodeCalled(services, idOrName);
  const calls = nodeCalls(device, view);
  const compared = calls.compared.map((history) => load(history).catch(() => null));
  const [monitoring, history, forecast, uptime, others, critical, usage, hits, events, alerts] =
    await Promise.all([
      device.self ? null : monitoredNode(services, device),
      calls.history && load(calls.history),
      calls.forecast && load(calls.forecast),
      calls.uptime && load(calls.uptime),
      Promise.all(compared),
      load(calls.critical),
      load(calls.usage),
      calls.hits && load(calls.hits),
      load(calls.events),
      load(calls.alerts),
    ]);
  return {
    device: deviceWire(device),
    lastHandshake: isoTimeOrNull(device.lastHandshake),
    monitoring,
    history,
    forecast,
    uptime,
    compared: others.filter((other) => other !== null),
    critical,
    usage,
    hits,
    events,
    alerts,
    collectors: collectorsWire(services),
  };
}

/** All that the health page shows at first. */
export type HealthPage = {
  alerts: Loaded<AlertsWire>;
  summary: Loaded<SummaryWire>;
  connections: Connections;
  diagnostics: Loaded<DiagnosticsWire>;
  distribution: Loaded<PathDistributionWire>;
  speed: Loaded<PathSpeedWire>;
  events: Loaded<EventsWire>;
  collectors: HealthWire['collectors'];
};

/** Loads the health page, its events narrowed down. Throws `InvalidInput` or `NotFound` when a parameter is wrong, and `TailscaleError` before tailscaled has answered. */
export async function loadHealthPage(
  ...narrowed: Parameters<typeof healthCalls>
): Promise<HealthPage> {
  requireRole('viewer');
  const [, collector] = narrowed;
  const services = currentServices().forCollector(collector);
  const calls = healthCalls(...narrowed);
  const [events, alerts, summary, connections, diagnostics, distribution, speed] =
    await Promise.all([
      load(calls.events),
      load(calls.alerts),
      load(calls.summary),
      loadConnections(calls.critical),
      load(calls.diagnostics),
      load(calls.distribution),
      load(calls.speed),
    ]);
  return {
    events,
    alerts,
    summary,
    connections,
    diagnostics,
    distribution,
    speed,
    collectors: collectorsWire(services),
  };
}
