import type { NamedHit } from '../domain/access';
import type { Device } from '../domain/device';
import type { StoredEvent } from '../domain/event';
import type { EventWire } from './health-schemas';
import type { DeviceWire, HitWire } from './schemas';

/** Inside to wire: the one place where names and times change their form. */

export const isoTime = (time: number) => new Date(time).toISOString();
export const isoTimeOrNull = (time: number | null) => (time === null ? null : isoTime(time));

export function deviceWire(device: Device): DeviceWire {
  return {
    id: device.id,
    hostname: device.hostname,
    dns_name: device.dnsName,
    addresses: device.addresses,
    user: device.user,
    tags: device.tags,
    os: device.os,
    classification: device.classification,
    self: device.self,
    online: device.online,
    last_seen: isoTimeOrNull(device.lastSeen),
    path: device.path,
    relay_region: device.relayRegion,
    endpoint: device.endpoint,
    rx_bytes: device.rxBytes,
    tx_bytes: device.txBytes,
    key_expiry: isoTimeOrNull(device.keyExpiry),
    expired: device.expired,
    exit_node: device.exitNode,
    subnet_routes: device.subnetRoutes,
  };
}

export function hitWire(hit: NamedHit): HitWire {
  return {
    time: isoTime(hit.time),
    ip: hit.ip,
    user: hit.user,
    device: hit.device,
    method: hit.method,
    path: hit.path,
    endpoint: hit.endpoint,
    status: hit.status,
    response_time_ms: hit.responseMs,
    bytes: hit.bytes,
    client: hit.client,
    bot: hit.bot,
  };
}

export function eventWire({ nodeId, time, ...rest }: StoredEvent): EventWire {
  return { ...rest, time: isoTime(time), node_id: nodeId };
}
