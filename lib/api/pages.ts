import type { Loaded } from '../calls/call';
import { type DeviceRange, deviceCalls, healthCalls } from '../calls/page-calls';
import { requireRole } from '../identity/current';
import { currentServices } from '../services';
import { knownDevice, similarDevices } from './devices';
import { collectorsResponse } from './health';
import type {
  AlertsResponse,
  DiagnosticsResponse,
  EventsResponse,
  LatencyForecastResponse,
  LatencyHistoryResponse,
  MonitoredDeviceResponse,
  MonitoredDevicesResponse,
  PathDistributionResponse,
  PathSpeedResponse,
  SummaryResponse,
  UptimeResponse,
} from './health-schemas';
import { criticalIds } from './judged-now';
import { load } from './load';
import { monitoredDevice } from './monitored-devices';
import type { AccessLogsResponse, DeviceResponse, UsageResponse } from './schemas';
import type { HealthResponse } from './service-schemas';
import type { TrafficResponse } from './traffic-schemas';
import { deviceResponse, isoTimeOrNull } from './wire';

/** What a device's page shows at first. */
export type DevicePage = {
  id: string;
  /** The last one, of a device that has left the tailnet. */
  hostname: string;
  /** `null`: it has left; then `monitoring` and `forecast` are `null` too. */
  device: DeviceResponse | null;
  /** When it left; ISO 8601, `null` when it has not, or that is not known. */
  leftAt: string | null;
  lastHandshake: string | null;
  /** The name of the device that sees this one; `null` when that is not known. */
  observer: string | null;
  /** `null` for our own device, which does not ping itself; so are `history`, `forecast` and `uptime`. */
  monitoring: MonitoredDeviceResponse | null;
  history: Loaded<LatencyHistoryResponse> | null;
  forecast: Loaded<LatencyForecastResponse> | null;
  uptime: Loaded<UptimeResponse> | null;
  /** The devices it is compared with, in the requested order; unknown names are left out. */
  compared: Loaded<LatencyHistoryResponse>[];
  /** The devices it may be compared with. */
  critical: Loaded<MonitoredDevicesResponse>;
  usage: Loaded<UsageResponse>;
  /** Each hit, for a range too short for a series; else `null`. */
  hits: Loaded<AccessLogsResponse> | null;
  events: Loaded<EventsResponse>;
  alerts: Loaded<AlertsResponse>;
  /** Why devices are relayed; `null` for our own, and for one that has left. */
  diagnostics: Loaded<DiagnosticsResponse> | null;
  /** What has travelled in 30 days; `null` for our own device. */
  traffic: Loaded<TrafficResponse> | null;
  collectors: HealthResponse['collectors'];
};

/**
 * Loads a device's page, by its id or hostname; also of one that has left. Throws `NotFound` when nothing is known of
 * it, and `InvalidInput` when there is no such collector.
 */
export async function loadDevicePage(
  idOrName: string,
  view: { range: DeviceRange; compare: readonly string[]; collector: string | undefined },
): Promise<DevicePage> {
  requireRole('viewer');
  const services = currentServices().forCollector(view.collector);
  const known = await knownDevice(services, idOrName);
  const { id, name: hostname, device } = known;
  const self = device?.self ?? false;
  const calls = deviceCalls({ id, self, left: device === null }, view);
  const compared = calls.compared.map((history) => load(history).catch(() => null));
  const shared = Promise.all([load(calls.critical), load(calls.usage), load(calls.alerts)]);
  const ofItself = Promise.all([
    device && !device.self ? monitoredDevice(services, device) : null,
    calls.history && load(calls.history),
    calls.forecast && load(calls.forecast),
    calls.uptime && load(calls.uptime),
    calls.hits && load(calls.hits),
    load(calls.events),
    calls.diagnostics && load(calls.diagnostics),
    calls.traffic && load(calls.traffic),
  ]);
  const [others, [critical, usage, alerts], itself] = await Promise.all([
    Promise.all(compared),
    shared,
    ofItself,
  ]);
  const [monitoring, history, forecast, uptime, hits, events, diagnostics, traffic] = itself;
  const listed = services.tailnet.view().status?.devices ?? [];
  const isCritical = criticalIds(services, listed).has(id);
  return {
    id,
    hostname,
    device: device && deviceResponse(device, services.connections.judge(device), isCritical),
    leftAt: isoTimeOrNull(known.leftAt),
    lastHandshake: isoTimeOrNull(device?.lastHandshake ?? null),
    observer: listed.find((one) => one.self)?.name ?? null,
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
    diagnostics,
    traffic,
    collectors: collectorsResponse(services),
  };
}

/** Returns the devices whose names are the most like one that no device has. */
export async function loadSimilarDevices(
  name: string,
  collector: string | undefined,
): Promise<{ id: string; name: string }[]> {
  requireRole('viewer');
  return similarDevices(currentServices().forCollector(collector), name);
}

/** What the health page shows at first. */
export type HealthPage = {
  alerts: Loaded<AlertsResponse>;
  summary: Loaded<SummaryResponse>;
  critical: Loaded<MonitoredDevicesResponse>;
  diagnostics: Loaded<DiagnosticsResponse>;
  distribution: Loaded<PathDistributionResponse>;
  speed: Loaded<PathSpeedResponse>;
  events: Loaded<EventsResponse>;
  collectors: HealthResponse['collectors'];
};

/**
 * Loads the health page, with its events filtered. Throws `InvalidInput` or `NotFound` on a wrong parameter, and
 * `TailscaleError` before tailscaled has answered.
 */
export async function loadHealthPage(
  ...narrowed: Parameters<typeof healthCalls>
): Promise<HealthPage> {
  requireRole('viewer');
  const [, collector] = narrowed;
  const services = currentServices().forCollector(collector);
  const calls = healthCalls(...narrowed);
  const [events, alerts, summary, critical, diagnostics, distribution, speed] = await Promise.all([
    load(calls.events),
    load(calls.alerts),
    load(calls.summary),
    load(calls.critical),
    load(calls.diagnostics),
    load(calls.distribution),
    load(calls.speed),
  ]);
  return {
    events,
    alerts,
    summary,
    critical,
    diagnostics,
    distribution,
    speed,
    collectors: collectorsResponse(services),
  };
}
