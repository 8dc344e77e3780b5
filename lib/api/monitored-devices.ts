import type { PathSpan } from '../domain/connection';
import type { Device } from '../domain/device';
import { NotFound } from '../domain/errors';
import { isOnline } from '../domain/judgement';
import { pathRuns } from '../domain/path-runs';
import { countCritical, flapsByDevice, worstFirst } from '../domain/reachability';
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
import { type Reached, reachedNow } from './reached-now';
import { isoTime, isoTimeOrNull } from './wire';

/** Returns every device as monitoring sees it, worst first. */
export async function nodes(services: Services): Promise<MonitoredDevicesResponse> {
  return worstOf(services, lastStatus(services).status.devices);
}

/** Returns the critical devices only, worst first, or the first of them; as of at most a second ago. */
export const critical = kept(
  1_000,
  async (services: Services, { limit }: { limit?: number | undefined }) => {
    const { devices } = lastStatus(services).status;
    return worstOf(services, services.connections.critical(devices), limit);
  },
);

/** Returns one device as monitoring sees it. */
export async function monitoredDevice(
  services: Services,
  device: Device,
): Promise<MonitoredDeviceResponse> {
  const [node] = (await worstOf(services, [device])).nodes;
  if (!node) throw new NotFound(say('problems.noDeviceById', { id: JSON.stringify(device.id) }));
  return node;
}

/** Only the past of those that are in the answer is read. */
async function worstOf(
  services: Services,
  devices: readonly Device[],
  limit?: number,
): Promise<MonitoredDevicesResponse> {
  const now = Date.now();
  const others = devices.filter((device) => !device.self);
  const all = reachedNow(services, others, now).map((reached) => ({
    hostname: reached.device.name,
    critical: reached.critical,
    online: isOnline(reached.judgement),
    path: reached.judgement.path,
    loss: reached.loss,
    reached,
  }));
  const worst = all.sort(worstFirst).slice(0, limit);
  const ids = worst.map(({ reached }) => reached.device.id);
  const spans = await services.histories.paths.pathSpans(ids, lastHours(24, now));
  const flaps = flapsByDevice(spans);
  const spansOf = new Map<string, PathSpan[]>(ids.map((id) => [id, []]));
  for (const span of spans) spansOf.get(span.nodeId)?.push(span);
  return {
    generated_at: isoTime(now),
    interval_seconds: services.instance.connectionIntervalMs / 1000,
    counts: countCritical(all),
    nodes: worst.map(({ reached }) => {
      const { id } = reached.device;
      return nodeResponse(reached, spansOf.get(id) ?? [], flaps.get(id) ?? 0, now);
    }),
  };
}

function nodeResponse(
  { device, critical: isCritical, judgement, round, latency, loss }: Reached,
  spans: readonly PathSpan[],
  flaps: number,
  now: number,
): MonitoredDeviceResponse {
  const uptime = uptimeOf(spans, lastHours(24, now));
  const { path } = judgement;
  return {
    id: device.id,
    hostname: device.name,
    critical: isCritical,
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
    uptime_24h: isCritical ? uptimeShare(uptime) : null,
    observed_24h_seconds: Math.round(uptime.knownMs / 1_000),
    flaps_24h: flaps,
    last_day: isCritical ? pathRuns(spans, path, now) : null,
  };
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
