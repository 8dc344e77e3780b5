import type { PathSpan } from '../domain/connection';
import type { Device } from '../domain/device';
import { NotFound } from '../domain/errors';
import { isOnline } from '../domain/judgement';
import { flapsByDevice, worstFirst } from '../domain/reachability';
import { say } from '../domain/said';
import { uptimeOf, uptimeShare } from '../domain/uptime';
import type { Services } from '../services';
import type {
  MonitoredDeviceResponse,
  MonitoredDevicesResponse,
  SummaryResponse,
} from './health-schemas';
import { kept } from './kept';
import { lastStatus } from './last-status';
import { lastHours } from './monitoring-query';
import { reachedNow } from './reached-now';
import { isoTime, isoTimeOrNull } from './wire';

/** Returns every device as monitoring sees it, worst first. */
export async function nodes(services: Services): Promise<MonitoredDevicesResponse> {
  const now = Date.now();
  const spans = await services.histories.paths.pathSpans(null, lastHours(24, now));
  const { devices } = lastStatus(services).status;
  return devicesAt(now, services, await monitored(services, devices, spans, now));
}

/** Returns the critical devices in the order of `critical`, without looking at their past. */
export async function criticalWorstFirst(
  services: Services,
  now: number,
): Promise<{ id: string; hostname: string }[]> {
  const devices = services.connections.critical(lastStatus(services).status.devices);
  return (await monitored(services, devices, [], now)).sort(worstFirst);
}

/** Returns the critical devices only, worst first. */
export async function critical(services: Services): Promise<MonitoredDevicesResponse> {
  return (await criticalWithPaths(services)).critical;
}

/** Returns the critical devices, and their paths in the last 24 hours, as of at most a second ago. */
export const criticalWithPaths = kept(1_000, async (services: Services) => {
  const now = Date.now();
  const devices = services.connections.critical(lastStatus(services).status.devices);
  const ids = devices.map(({ id }) => id);
  const spans = await services.histories.paths.pathSpans(ids, lastHours(24, now));
  return {
    critical: devicesAt(now, services, await monitored(services, devices, spans, now)),
    spans,
  };
});

const devicesAt = (
  now: number,
  { instance }: Services,
  list: MonitoredDeviceResponse[],
): MonitoredDevicesResponse => ({
  generated_at: isoTime(now),
  interval_seconds: instance.connectionIntervalMs / 1000,
  nodes: list.sort(worstFirst),
});

/** Returns one device as monitoring sees it. */
export async function monitoredDevice(
  services: Services,
  device: Device,
): Promise<MonitoredDeviceResponse> {
  const now = Date.now();
  const spans = await services.histories.paths.pathSpans([device.id], lastHours(24, now));
  const [node] = await monitored(services, [device], spans, now);
  if (!node) throw new NotFound(say('problems.noDeviceById', { id: JSON.stringify(device.id) }));
  return node;
}

async function monitored(
  services: Services,
  devices: readonly Device[],
  spans: readonly PathSpan[],
  now: number,
): Promise<MonitoredDeviceResponse[]> {
  const flaps = flapsByDevice(spans);
  const spansOf = new Map<string, PathSpan[]>();
  for (const span of spans) {
    const known = spansOf.get(span.nodeId);
    if (known) known.push(span);
    else spansOf.set(span.nodeId, [span]);
  }
  const others = devices.filter((device) => !device.self);
  return reachedNow(services, others, now).map(
    ({ device, critical, judgement, round, latency, loss }) => {
      const uptime = uptimeOf(spansOf.get(device.id) ?? [], lastHours(24, now));
      const { path } = judgement;
      return {
        id: device.id,
        hostname: device.name,
        critical,
        online: isOnline(judgement),
        state: judgement.presence,
        seen_by_control: judgement.seenByControl,
        path,
        relay_region: path === 'relay' ? judgement.relayRegion : null,
        last_seen: isoTimeOrNull(judgement.lastSeen),
        last_round: isoTimeOrNull(round?.time ?? null),
        latency_ms: latency.avgMs,
        loss,
        jitter_ms: latency.jitterMs,
        uptime_24h: critical ? uptimeShare(uptime) : null,
        observed_24h_seconds: Math.round(uptime.knownMs / 1_000),
        flaps_24h: flaps.get(device.id) ?? 0,
      };
    },
  );
}

/** Returns the tailnet's connections in a few numbers. */
export async function summary(services: Services): Promise<SummaryResponse> {
  const { generated_at, nodes: list } = await nodes(services);
  const watched = list.filter((node) => node.critical);
  const latencies = watched.flatMap(({ latency_ms }) => (latency_ms === null ? [] : [latency_ms]));
  const rounds = watched.flatMap(({ last_round }) => (last_round === null ? [] : [last_round]));
  const open = await services.alerts.open();
  return {
    generated_at,
    nodes: list.length,
    online: list.filter((node) => node.online).length,
    critical: watched.length,
    critical_online: watched.filter((node) => node.online).length,
    critical_direct: watched.filter((node) => node.path === 'direct').length,
    critical_relayed: watched.filter((node) => node.path === 'relay').length,
    latency_ms:
      latencies.length > 0 ? latencies.reduce((a, b) => a + b, 0) / latencies.length : null,
    alerts_firing: open.filter((alert) => alert.state === 'firing').length,
    last_round: rounds.sort().at(-1) ?? null,
  };
}
