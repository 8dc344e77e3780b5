import type { NamedHit } from '../domain/access';
import type { Device } from '../domain/device';
import type { StoredEvent } from '../domain/event';
import type { EventResponse } from './health-schemas';
import type { DeviceResponse, HitResponse } from './schemas';

/** Inside to wire: the one place where names and times change their form. */

export const isoTime = (time: number) => new Date(time).toISOString();
export const isoTimeOrNull = (time: number | null) => (time === null ? null : isoTime(time));

export function deviceResponse(device: Device): DeviceResponse {
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

export function hitResponse(hit: NamedHit): HitResponse {
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

export function eventResponse({ nodeId, time, ...rest }: StoredEvent): EventResponse {
  return { ...rest, time: isoTime(time), node_id: nodeId };
}
