import type { Device, Path, TailnetStatus } from '../domain/device';
import type { DerpMap } from '../domain/netcheck';
import { DAY, HOUR, MINUTE } from '../util/time';
import { checkedAddress } from './address';
import { type DemoNode, demoNodes, demoTailnet } from './demo-nodes';
import { pingCount } from './limits';
import type { Pong, Tailscale } from './tailscale';

/** A node is on or off for the whole of a slot. */
const SLOT = 10 * MINUTE;
/** tailscaled's counters start again with the node: here every 11 days, on another day for each node. */
const COUNTER_LIFE = 11 * DAY;

/** Real region ids, codes and names of Tailscale's DERP map; the latencies from a host in Frankfurt. */
const REGIONS: Record<string, { code: string; name: string; latencyMs: number }> = {
  1: { code: 'nyc', name: 'New York City', latencyMs: 84 },
  4: { code: 'fra', name: 'Frankfurt', latencyMs: 6 },
  8: { code: 'lhr', name: 'London', latencyMs: 17 },
  14: { code: 'ams', name: 'Amsterdam', latencyMs: 12 },
  18: { code: 'par', name: 'Paris', latencyMs: 14 },
};

/**
 * A simulated tailnet that needs no Tailscale. Everything it says follows from the clock, so two that are given one time agree,
 * in any process, and a history can be made up by asking about the past. Answers at once; nothing waits.
 */
export function demo({ now = Date.now }: { now?: () => number } = {}): Tailscale {
  return {
    source: 'demo',
    location: 'a simulated tailnet',
    status: async () => demoStatus(now()),
    whois: async (address) => {
      const node = demoNodeAt(address);
      if (!node) return null;
      const { id: nodeId, hostname: device, user, tags, route } = node;
      const hardNat = route !== 'direct';
      const network = { udp: true, ipv6: false, hardNat, portMapping: [] };
      return { nodeId, device, user, tags, network };
    },
    ping: async (address, { count }) => pings(address, pingCount(count), now()),
    netcheck: async () => ({
      udp: true,
      ipv4: true,
      ipv6: true,
      mappingVariesByDestIp: false,
      portMapping: ['upnp'],
      captivePortal: false,
      preferredDerp: 4,
      regionLatencyMs: Object.fromEntries(
        Object.entries(REGIONS).map(([region, { latencyMs }]) => [
          region,
          rounded(latencyMs * (1 + 0.2 * chance(region, now() / MINUTE))),
        ]),
      ),
    }),
    derpMap: async (): Promise<DerpMap> =>
      Object.fromEntries(
        Object.entries(REGIONS).map(([region, { code, name }]) => [region, { code, name }]),
      ),
  };
}

/** The simulated tailnet at a time (epoch milliseconds). */
export function demoStatus(at: number): TailnetStatus {
  return {
    tailnet: demoTailnet,
    devices: demoNodes.map((node) => deviceAt(node, at)),
    exitNode: null,
    health: [],
    version: '1.102.5-demo',
    backendState: 'Running',
    tun: true,
  };
}

/** Whether a simulated node is on at a time: visits from it are believable only then. */
export function demoOnline(node: DemoNode, at: number): boolean {
  const slot = Math.floor(at / SLOT);
  const day = Math.floor(at / DAY);
  const hour = ((slot * SLOT) % DAY) / HOUR;
  switch (node.presence) {
    case 'always':
      return node.self || chance(`${node.id} outage`, at / (3 * HOUR)) > 0.01;
    case 'workdays': {
      // The first of January 1970 was a Thursday.
      const weekend = (day + 4) % 7 === 0 || (day + 4) % 7 === 6;
      const start = 6.5 + 2 * chance(`${node.id} start`, day);
      const end = 16 + 3 * chance(`${node.id} end`, day);
      return !weekend && hour >= start && hour < end;
    }
    case 'wanders':
      return hour >= 6 && hour < 22.5 && chance(`${node.id} out`, slot / 2) > 0.2;
    case 'gone':
      return false;
  }
}

function deviceAt(node: DemoNode, at: number): Device {
  const online = demoOnline(node, at);
  const path = online ? pathAt(node, at) : 'offline';
  const received = bytesAt(node, at);
  return {
    id: node.id,
    name: node.hostname,
    hostname: node.hostname,
    dnsName: node.dnsName,
    addresses: [...node.addresses],
    user: node.user,
    tags: node.tags,
    os: node.os,
    classification: node.classification,
    self: node.self,
    online,
    created: node.created,
    lastSeen: online ? null : lastSeen(node, at),
    lastHandshake:
      path === 'idle' || path === 'offline' ? null : Math.floor(at / 120_000) * 120_000,
    path,
    relayRegion: node.homeRegion,
    endpoint: path === 'direct' || path === 'peer_relay' ? node.endpoint : null,
    rxBytes: Math.round(received),
    txBytes: Math.round(received * (0.3 + 1.2 * chance(`${node.id} sends`, 0))),
    // At a fixed hour of that day: it moves on once a day, not with every look.
    keyExpiry:
      node.keyDays === null ? null : (Math.floor(at / DAY) + node.keyDays) * DAY + 18 * HOUR,
    expired: false,
    exitNode: node.exitNode,
    exitNodeInUse: false,
    subnetRoutes: node.subnetRoutes,
  };
}

function pathAt(node: DemoNode, at: number): Path {
  if (node.self || chance(`${node.id} busy`, at / (2 * MINUTE)) > node.busy) return 'idle';
  return routeAt(node, at);
}

/** Nodes that are usually direct fall back to the relay now and then, as home connections do; the others sometimes get through. */
function routeAt(node: DemoNode, at: number): 'direct' | 'peer_relay' | 'relay' {
  const unusual = chance(`${node.id} route`, at / (30 * MINUTE)) < 0.04;
  if (!unusual) return node.route;
  return node.route === 'direct' && !node.endpoint.startsWith('192.168.') ? 'relay' : 'direct';
}

function pings(address: string, count: number, at: number): Pong[] {
  const node = demoNodeAt(address);
  if (!node) return [{ ok: false, error: 'no matching peer' }];
  if (node.self) return [{ ok: false, error: `${address} is local Tailscale IP` }];
  return Array.from({ length: count }, (_, index) => pingAt(node, at + index * 1000));
}

function pingAt(node: DemoNode, at: number): Pong {
  const path = routeAt(node, at);
  const lost = chance(`${node.id} loss`, at / 1000) < (path === 'direct' ? 0.005 : 0.03);
  if (!demoOnline(node, at) || lost) return { ok: false, error: 'timed out' };
  const detour = path === 'direct' ? 0 : path === 'relay' ? 14 : 5;
  const evening = 0.15 * (1 + Math.sin((2 * Math.PI * (at - 14 * HOUR)) / DAY));
  const jitter = 0.4 * chance(`${node.id} jitter`, at / 1000) ** 3;
  return {
    ok: true,
    latencyMs: rounded((node.latencyMs + detour) * (1 + evening + jitter)),
    path,
    endpoint: path === 'relay' ? null : node.endpoint,
    relayRegion: path === 'relay' ? node.homeRegion : null,
  };
}

/** The end of the last slot it was on, ten days back at most. */
function lastSeen(node: DemoNode, at: number): number {
  const slot = Math.floor(at / SLOT);
  if (node.presence !== 'gone') {
    for (let back = 1; back < (10 * DAY) / SLOT; back++) {
      if (demoOnline(node, (slot - back) * SLOT)) return (slot - back + 1) * SLOT;
    }
  }
  return (Math.floor(at / DAY) - 12) * DAY + 9 * HOUR;
}

/** Bytes since the counter last started: those of every hour that found the node on. */
function bytesAt(node: DemoNode, at: number): number {
  if (node.self) return 0;
  const shift = Math.floor((chance(`${node.id} counter`, 0) * COUNTER_LIFE) / HOUR) * HOUR;
  const start = Math.floor((at + shift) / COUNTER_LIFE) * COUNTER_LIFE - shift;
  const burst = `${node.id} bytes`;
  let bytes = 0;
  for (let hour = start; hour < at; hour += HOUR) {
    if (!demoOnline(node, hour)) continue;
    const seconds = Math.min(HOUR, at - hour) / 1000;
    bytes += node.bytesPerSecond * seconds * 2 * chance(burst, hour / HOUR);
  }
  return bytes;
}

/** The simulated node that holds an address; undefined when none does. Throws `unsupported` for what is not an address. */
function demoNodeAt(address: string): DemoNode | undefined {
  const ip = checkedAddress(address);
  return demoNodes.find((node) => node.addresses.includes(ip));
}

/** A number from 0 up to 1 that looks random and is always the same for a name and the whole part of a count (FNV-1a, then MurmurHash3's finaliser). */
function chance(name: string, count: number): number {
  let hash = 0x811c9dc5 ^ Math.floor(count);
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
