import type { ConnectionType, PathSpan } from '../domain/connection';
import type { Device } from '../domain/device';
import { NotFound } from '../domain/errors';
import { isOnline } from '../domain/judgement';
import { mean } from '../domain/mean';
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
  const all = reachedNow(services, othersIn(devices), now).map((reached) => ({
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
  const now = Date.now();
  const all = reachedNow(services, othersIn(lastStatus(services).status.devices), now);
  const critical = all.filter((one) => one.critical);
  const latencies = critical.flatMap(({ latency }) => latency.avgMs ?? []);
  const rounds = critical.flatMap(({ round }) => round?.time ?? []);
  const online = (some: readonly Reached[]) => some.filter((one) => isOnline(one.judgement)).length;
  const over = (path: ConnectionType) =>
    critical.filter(({ judgement }) => judgement.path === path).length;
  const open = await services.alerts.open();
  return {
    generated_at: isoTime(now),
    nodes: all.length,
    online: online(all),
    critical: critical.length,
    critical_online: online(critical),
    critical_direct: over('direct'),
    critical_relayed: over('relay'),
    latency_ms: mean(latencies),
    alerts_firing: open.filter((alert) => alert.state === 'firing').length,
    last_round: rounds.length > 0 ? isoTime(Math.max(...rounds)) : null,
  };
}

const othersIn = (devices: readonly Device[]) => devices.filter((device) => !device.self);
