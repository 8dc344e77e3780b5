import { deviceCalled } from '../api/devices';
import { monitoredDevice, summary } from '../api/monitored-devices';
import { lastHours } from '../api/monitoring-query';
import type { BadgeKind, BadgeName } from '../domain/badge';
import type { PathSpan } from '../domain/connection';
import type { Device } from '../domain/device';
import { formatCount, formatLatency, formatUptime } from '../domain/format';
import { mean } from '../domain/mean';
import { uptimeOf, uptimeShare } from '../domain/uptime';
import { t } from '../i18n/t';
import type { Services } from '../services';
import type { Badge } from './badge-svg';

/** From here on a latency is an alert, if it stays. */
const SLOW_MS = 100;

type Said = Pick<Badge, 'value' | 'tone'>;

/** Returns what a badge says now. `days`: how far back an uptime looks. Throws `NotFound` and `Ambiguous`. */
export async function badgeOf(
  { kind, device: called }: BadgeName,
  days: number,
  services: Services,
): Promise<Badge> {
  const device = called === null ? null : deviceCalled(services, called);
  const name = device === null ? t('widgets.tailnet') : device.name;
  return { label: labelOf(kind, name, days), ...(await said(kind, device, days, services)) };
}

function labelOf(kind: BadgeKind, name: string, days: number): string {
  if (kind === 'online') return name;
  return kind === 'uptime'
    ? t('widgets.uptimeLabel', { name, days: formatCount(days) })
    : t('widgets.latencyLabel', { name });
}

async function said(
  kind: BadgeKind,
  device: Device | null,
  days: number,
  services: Services,
): Promise<Said> {
  switch (kind) {
    case 'online':
      return device ? presence(device, services) : allOnline(services);
    case 'uptime':
      return uptime(await uptimes(device, days, services));
    case 'latency':
      return latency(await latencyMs(device, services));
  }
}

function presence(device: Device, { connections }: Services): Said {
  switch (connections.judge(device).presence) {
    case 'online':
      return { value: t('widgets.online'), tone: 'good' };
    case 'offline':
      return { value: t('widgets.offline'), tone: 'bad' };
    case 'not_answering':
      return { value: t('widgets.notAnswering'), tone: 'bad' };
    case 'unknown':
      return UNKNOWN();
  }
}

/** Of the critical devices: others come and go. */
async function allOnline(services: Services): Promise<Said> {
  const { critical, critical_online: online } = await summary(services);
  if (critical === 0) return UNKNOWN();
  const value = t('widgets.someOnline', {
    ...{ online: formatCount(online), total: formatCount(critical) },
  });
  return { value, tone: online === critical ? 'good' : 'bad' };
}

function latency(ms: number | null): Said {
  if (ms === null) return UNKNOWN();
  return { value: formatLatency(ms), tone: ms < SLOW_MS ? 'good' : 'fair' };
}

async function latencyMs(device: Device | null, services: Services): Promise<number | null> {
  if (device === null) return (await summary(services)).latency_ms;
  // Our own has no path to itself.
  return device.self ? null : (await monitoredDevice(services, device)).latency_ms;
}

function uptime(shares: readonly number[]): Said {
  const share = mean(shares);
  if (share === null) return UNKNOWN();
  const tone = share >= 0.99 ? 'good' : share >= 0.95 ? 'fair' : 'bad';
  return { value: formatUptime(share), tone };
}

/** Returns the known uptimes of a device, or of each critical one. */
async function uptimes(
  device: Device | null,
  days: number,
  { connections, histories, tailnet }: Services,
): Promise<number[]> {
  const devices = device ? [device] : connections.critical(tailnet.view().status?.devices ?? []);
  const range = lastHours(days * 24);
  const ids = devices.map(({ id }) => id);
  const spans = new Map<string, PathSpan[]>(ids.map((id) => [id, []]));
  for (const span of await histories.paths.pathSpans(ids, range))
    spans.get(span.nodeId)?.push(span);
  return [...spans.values()].flatMap((own) => uptimeShare(uptimeOf(own, range)) ?? []);
}

const UNKNOWN = (): Said => ({ value: t('widgets.unknown'), tone: 'unknown' });
