import type { Path } from '../domain/device';
import { requireRole } from '../identity/current';
import { currentServices, type Services } from '../services';
import { alerts } from './alerts';
import { accessLogs, dashboardUsage } from './analytics';
import { diagnostics } from './diagnostics';
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
import {
  critical,
  criticalWithPaths,
  events,
  latencyForecast,
  latencyHistory,
  monitoredNode,
  nodeCalled,
  pathDistribution,
  speedByPath,
  summary,
  uptime,
} from './monitoring';
import { eventsQuery } from './monitoring-query';
import { accessLogsQuery, parseQuery, usageQuery } from './query';
import type { AccessLogsWire, DeviceWire, HealthWire, UsageWire } from './schemas';
import { deviceWire, isoTimeOrNull } from './wire';

/** A stretch of one path; epoch milliseconds. */
export type Span = { from: number; to: number; path: Path };

/** The critical nodes, and how their paths were over the last day, by node id. */
export type Connections = { critical: NodesWire; spans: Record<string, Span[]> };

/** `null` until tailscaled has answered for the first time. */
export async function loadConnections(
  services: Services = currentServices(),
  now = Date.now(),
): Promise<Connections | null> {
  requireRole('viewer');
  if (services.tailnet.view().status === null) return null;
  const { critical, spans } = await criticalWithPaths(services, now);
  const byNode: Connections['spans'] = {};
  for (const { id } of critical.nodes) byNode[id] = [];
  for (const { nodeId, ...span } of spans) byNode[nodeId]?.push(span);
  return { critical, spans: byNode };
}

/** All that a node's page shows at first. */
export type NodePage = {
  device: DeviceWire;
  lastHandshake: string | null;
  /** `null` for our own node: nobody pings themselves. So are `history`, `forecast` and `uptime`. */
  monitoring: MonitoredNodeWire | null;
  history: LatencyHistoryWire | null;
  forecast: LatencyForecastWire | null;
  uptime: UptimeWire | null;
  /** Those it is compared with, in the order asked for; unknown names are left out. */
  compared: LatencyHistoryWire[];
  /** What it may be compared with. */
  critical: NodesWire;
  usage: UsageWire;
  /** Hit by hit, for a range too short for a series; else `null`. */
  hits: AccessLogsWire | null;
  events: EventsWire;
  alerts: AlertsWire;
  collectors: HealthWire['collectors'];
};

/** How many hits a short range is drawn from. */
export const HITS_DRAWN = 500;

/** Loads the page of a node, by its id or host name. Throws `NotFound`, naming those that may have been meant, and `InvalidInput` when there is no such collector. */
export async function loadNodePage(
  idOrName: string,
  {
    hours,
    compare,
    collector,
  }: { hours: number; compare: readonly string[]; collector: string | undefined },
): Promise<NodePage> {
  requireRole('viewer');
  const services = currentServices().forCollector(collector);
  const device = nodeCalled(services, idOrName);
  const named = { hostname: device.id };
  const access = { hours, device: device.hostname };
  const watched = !device.self;
  const compared = compare.map((hostname) =>
    latencyHistory(services, { hours }, { hostname }).catch(() => null),
  );
  return {
    device: deviceWire(device),
    lastHandshake: isoTimeOrNull(device.lastHandshake),
    monitoring: watched ? await monitoredNode(services, device) : null,
    history: watched ? await latencyHistory(services, { hours }, named) : null,
    forecast: watched ? await latencyForecast(services, { hours }, named) : null,
    uptime: watched ? await uptime(services, { hours }, named) : null,
    compared: (await Promise.all(compared)).filter((history) => history !== null),
    critical: await critical(services),
    usage: await dashboardUsage(services, usageQuery.parse(access)),
    hits:
      hours === 1
        ? await accessLogs(services, accessLogsQuery.parse({ ...access, limit: HITS_DRAWN }))
        : null,
    events: await events(services, eventsQuery.parse({ node: device.id, hours, limit: 20 })),
    alerts: await alerts(services),
    collectors: collectorsWire(services),
  };
}

/** All that the health page shows at first. */
export type HealthPage = {
  alerts: AlertsWire;
  summary: SummaryWire;
  connections: Connections | null;
  diagnostics: DiagnosticsWire;
  distribution: PathDistributionWire;
  speed: PathSpeedWire;
  events: EventsWire;
  collectors: HealthWire['collectors'];
};

/** Loads the health page for the parameters of an `events` call. Throws `InvalidInput` or `NotFound` when they are wrong, and `TailscaleError` before tailscaled has answered. */
export async function loadHealthPage(
  parameters: URLSearchParams,
  collector?: string,
): Promise<HealthPage> {
  requireRole('viewer');
  const services = currentServices().forCollector(collector);
  return {
    events: await events(services, parseQuery(eventsQuery, parameters)),
    alerts: await alerts(services),
    summary: await summary(services),
    connections: await loadConnections(services),
    diagnostics: await diagnostics(services, { refresh: false }),
    distribution: await pathDistribution(services, { days: 7 }),
    speed: await speedByPath(services, { hours: 168 }),
    collectors: collectorsWire(services),
  };
}
