import type { NamedHit } from '../domain/access';
import type { Device } from '../domain/device';
import type { StoredEvent } from '../domain/event';
import { entriesOf, flagOf, NAT_KINDS } from '../domain/inventory';
import { isOnline, type Judgement } from '../domain/judgement';
import type { EventResponse } from './health-schemas';
import type { DeviceResponse, HitResponse } from './schemas';

/** Converts internal values to response types; names and times change their form only here. */

export const isoTime = (time: number) => new Date(time).toISOString();
export const isoTimeOrNull = (time: number | null) => (time === null ? null : isoTime(time));

/** A device is worded once until something about it changes: pages and calls ask for hundreds, many times a minute. */
const worded = new WeakMap<Judgement, { device: Device; response: DeviceResponse }>();

/** `critical`: it is pinged each round. */
export function deviceResponse(
  device: Device,
  judgement: Judgement,
  critical: boolean,
): DeviceResponse {
  const before = worded.get(judgement);
  if (before?.device === device && before.response.critical === critical) return before.response;
  const response = makeResponse(device, judgement, critical);
  worded.set(judgement, { device, response });
  return response;
}

function makeResponse(device: Device, judgement: Judgement, critical: boolean): DeviceResponse {
  return {
    id: device.id,
    hostname: device.name,
    os_hostname: device.hostname,
    dns_name: device.dnsName,
    addresses: device.addresses,
    user: device.user,
    tags: device.tags,
    os: device.os,
    classification: device.classification,
    self: device.self,
    critical,
    online: isOnline(judgement),
    state: judgement.presence,
    seen_by_control: judgement.seenByControl,
    last_seen: isoTimeOrNull(judgement.lastSeen),
    path: judgement.path,
    relay_region: judgement.relayRegion,
    endpoint: judgement.endpoint ?? (judgement.path === device.path ? device.endpoint : null),
    rx_bytes: device.rxBytes,
    tx_bytes: device.txBytes,
    key_expiry: isoTimeOrNull(device.keyExpiry),
    expired: device.expired,
    exit_node: device.exitNode,
    exit_node_in_use: device.exitNodeInUse,
    subnet_routes: device.subnetRoutes,
    created: isoTimeOrNull(device.created),
    inventory: inventoryResponse(device),
  };
}

type InventoryResponse = DeviceResponse['inventory'];
/** What is known of a device is the same object until it changes, over many answers. */
const inventoryResponses = new WeakMap<NonNullable<Device['inventory']>, InventoryResponse>();

function inventoryResponse({ inventory }: Device): InventoryResponse {
  if (!inventory) return null;
  const before = inventoryResponses.get(inventory);
  if (before) return before;
  const { firstSeen, facts } = inventory;
  const response: InventoryResponse = {
    first_seen: isoTime(firstSeen),
    version: facts.version ?? null,
    os_version: facts.os_version ?? null,
    distro: facts.distro ?? null,
    distro_version: facts.distro_version ?? null,
    arch: facts.arch ?? null,
    container: flagOf(facts.container),
    key: facts.key ?? null,
    routes_offered: entriesOf(facts.routes_offered),
    exit_node_offered: flagOf(facts.exit_node_offered),
    services: entriesOf(facts.services),
    home_region: facts.home_region ?? null,
    nat: NAT_KINDS.find((kind) => kind === facts.nat) ?? null,
  };
  inventoryResponses.set(inventory, response);
  return response;
}

export function hitResponse(hit: NamedHit): HitResponse {
  return {
    time: isoTime(hit.time),
    ip: hit.ip,
    user: hit.user,
    device: hit.device,
    device_id: hit.deviceId,
    host: hit.host,
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
