import { type Device, PATHS } from '../domain/device';
import { countDevices, isOnline } from '../domain/judgement';
import { quotaStatus } from '../domain/quota';
import type { TrafficTotal } from '../domain/traffic';
import type { Services } from '../services';
import { criticalIds } from './judged-now';
import {
  bit,
  counter,
  type Family,
  gauge,
  one,
  seconds,
  states,
  type Value,
} from './metric-family';
import { type Reached, within } from './metric-limits';
import { reachedNow } from './reached-now';

/** Returns the metrics of the tailnet and of each device, as pages judge them; none before tailscaled has answered. */
export async function deviceMetrics(services: Services, reached: Reached): Promise<Family[]> {
  const { status } = services.tailnet.view();
  if (!status) return [];
  const critical = criticalIds(services, status.devices);
  const inOrder = [...status.devices].sort(
    (a, b) => rank(a, critical) - rank(b, critical) || (a.id < b.id ? -1 : 1),
  );
  const devices = within('device', inOrder, reached);
  return [
    ...tailnetMetrics(services, status.devices),
    gauge(
      'device_info',
      'Always 1; what a device is. The versions are those of the network map: empty where it has none',
      devices.map((device) => [
        {
          ...labelsOf(device),
          os: device.os,
          os_version: device.inventory?.facts.os_version ?? '',
          version: device.inventory?.facts.version ?? (device.self ? status.version : ''),
          class: device.classification,
          user: device.user?.login ?? '',
          critical: String(critical.has(device.id)),
        },
        1,
      ]),
    ),
    gauge(
      'device_key_expiry_timestamp_seconds',
      'When the key of a device expires; none: it does not',
      devices.map((device) => [labelsOf(device), seconds(device.keyExpiry)]),
    ),
    ...connectionMetrics(services, devices),
    ...(services.own ? trafficMetrics(await services.own.counters.traffic(), devices) : []),
  ];
}

/** Which devices are named first where there are more than may be. */
const rank = (device: Device, critical: ReadonlySet<string>) =>
  device.self || critical.has(device.id) ? 0 : device.classification === 'own' ? 1 : 2;

/** Names need not be unique: the id tells devices of one name apart. */
const labelsOf = ({ id, name }: Device) => ({ device_id: id, device: name });

function tailnetMetrics(services: Services, devices: readonly Device[]): Family[] {
  const { judge } = services.connections;
  const counts = countDevices(devices, judge);
  const paths = devices.map((device) => judge(device).path);
  const quota = quotaStatus(devices, services.instance.quotaPlan);
  const used = { users: quota.users, external_users: quota.externalUsers, devices: quota.devices };
  const resources = Object.entries(used);
  return [
    gauge('devices', 'Devices of the tailnet, by class', [
      [{ class: 'own' }, counts.own],
      [{ class: 'shared' }, counts.shared],
      [{ class: 'external' }, counts.external],
    ]),
    gauge('devices_online', 'Devices online', one(counts.online)),
    gauge(
      'devices_by_path',
      'Devices by the path that their traffic takes',
      PATHS.map((path) => [{ path }, paths.filter((taken) => taken === path).length]),
    ),
    gauge(
      'quota_used',
      'How much of the quota of the plan is used',
      resources.map(([resource, { used }]) => [{ resource }, used]),
    ),
    gauge(
      'quota_limit',
      'The quota of the plan; none: unlimited',
      resources.map(([resource, { limit }]) => [{ resource }, limit]),
    ),
  ];
}

function connectionMetrics(services: Services, devices: readonly Device[]): Family[] {
  const all = reachedNow(services, devices, Date.now());
  const others = all.filter(({ device }) => !device.self);
  return [
    gauge(
      'device_online',
      '1 when a device is online, 0 when it is not; none: our own device cannot tell',
      all.map(({ device, judgement }) => {
        const online = isOnline(judgement);
        return [labelsOf(device), online === null ? null : bit(online)];
      }),
    ),
    gauge(
      'device_path',
      'The path to a device as a state set: 1 for the one that it takes',
      others.flatMap(({ device, judgement }) =>
        states(PATHS, judgement.path, (path) => ({ ...labelsOf(device), path })),
      ),
    ),
    gauge(
      'device_latency_seconds',
      'Latency of the last round of pings, over the path in use; none: not measured lately',
      others.flatMap(({ device, latency }): Value[] => [
        [{ ...labelsOf(device), stat: 'min' }, seconds(latency.minMs)],
        [{ ...labelsOf(device), stat: 'avg' }, seconds(latency.avgMs)],
        [{ ...labelsOf(device), stat: 'max' }, seconds(latency.maxMs)],
      ]),
    ),
    gauge(
      'device_jitter_seconds',
      'Mean difference between one reply and the next in the last round',
      others.map(({ device, latency }) => [labelsOf(device), seconds(latency.jitterMs)]),
    ),
    gauge(
      'device_ping_loss_ratio',
      'Share of the pings of the last round without a reply, from 0 to 1',
      others.map(({ device, loss }) => [labelsOf(device), loss]),
    ),
    gauge(
      'device_last_round_timestamp_seconds',
      'When a device was last pinged in a round',
      others.map(({ device, round }) => [labelsOf(device), seconds(round?.time ?? null)]),
    ),
  ];
}

function trafficMetrics(totals: readonly TrafficTotal[], devices: readonly Device[]): Family[] {
  const byId = new Map(devices.map((device) => [device.id, device]));
  const ofPresent = totals.flatMap(({ nodeId, path, ...bytes }) => {
    const device = byId.get(nodeId);
    return device ? [{ labels: { ...labelsOf(device), path }, ...bytes }] : [];
  });
  return [
    counter(
      'device_received_bytes_total',
      'Bytes that our own device received from a device, by path',
      ofPresent.map(({ labels, rxBytes }) => [labels, rxBytes]),
    ),
    counter(
      'device_sent_bytes_total',
      'Bytes that our own device sent to a device, by path',
      ofPresent.map(({ labels, txBytes }) => [labels, txBytes]),
    ),
  ];
}
