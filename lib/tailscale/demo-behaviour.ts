import type { Path } from '../domain/device';
import type { CountedByPath } from '../domain/traffic';
import { DAY, HOUR, MINUTE } from '../util/time';
import type { DemoNode } from './demo-nodes';
import type { Pong } from './tailscale';

// What the simulated nodes do, as pure functions of a node and a time (epoch milliseconds). What one asks about the
// past may depend on the present: which morning the node that is down went down.

/** A node is online or offline for a whole slot. */
const SLOT = 10 * MINUTE;
/** tailscaled's counters restart with the node: here every 11 days, on a different day for each node. */
const COUNTER_LIFE = 11 * DAY;
/** When nodes have trouble: hours of the day (UTC). */
const TROUBLE = { slow: [7.5, 9.75], relayed: [18.5, 20.5], flapping: [11, 13] } as const;

/** Returns whether a simulated node is online at a time: its hits are believable only then. */
export function demoOnline(node: DemoNode, at: number, present = at): boolean {
  const slot = Math.floor(at / SLOT);
  const day = Math.floor(at / DAY);
  const hour = ((slot * SLOT) % DAY) / HOUR;
  if (hasTrouble(node, 'flapping', at) && slot % 2 === 0) return false;
  switch (node.presence) {
    case 'always':
      return node.self || chance(`${node.id} outage`, at / (80 * MINUTE)) > 0.001;
    case 'workdays': {
      // The first of January 1970 was a Thursday.
      const weekend = (day + 4) % 7 === 0 || (day + 4) % 7 === 6;
      const start = 6.5 + 2 * chance(`${node.id} start`, day);
      const end = 16 + 3 * chance(`${node.id} end`, day);
      return !weekend && hour >= start && hour < end;
    }
    case 'wanders':
      return hour >= 6 && hour < 22.5 && chance(`${node.id} out`, slot / 15) > 0.2;
    case 'down':
      return at < downSince(present);
    case 'gone':
      return false;
  }
}

/** Returns when a node was last online before `at`; ten days are searched. */
export function lastSeen(node: DemoNode, at: number): number {
  if (node.presence === 'down') return downSince(at);
  const slot = Math.floor(at / SLOT);
  if (node.presence !== 'gone') {
    for (let back = 1; back < (10 * DAY) / SLOT; back++) {
      if (demoOnline(node, (slot - back) * SLOT)) return (slot - back + 1) * SLOT;
    }
  }
  return (Math.floor(at / DAY) - 45) * DAY + 9 * HOUR;
}

/** The last ten past five in the morning that is at least an hour ago. */
const downSince = (present: number) => {
  const morning = 5 * HOUR + 10 * MINUTE;
  return Math.floor((present - HOUR - morning) / DAY) * DAY + morning;
};

/** Returns the path that tailscaled reports for an online node: idle unless there is traffic. */
export function pathAt(node: DemoNode, at: number): Path {
  if (node.self || chance(`${node.id} busy`, at / (2 * MINUTE)) > node.busy) return 'idle';
  return routeAt(node, at);
}

/** Returns the path of a node: a few direct ones fall back to the relay now and then, as home connections do. */
export function routeAt(node: DemoNode, at: number): 'direct' | 'peer_relay' | 'relay' {
  if (hasTrouble(node, 'relayed', at)) return 'relay';
  const isUnusual = chance(`${node.id} route`, at / (30 * MINUTE)) < 0.001;
  if (!isUnusual) return node.route;
  return node.route === 'direct' && !node.endpoint.startsWith('192.168.') ? 'relay' : 'direct';
}

/** Returns the answer to a ping. */
export function pingAt(node: DemoNode, at: number, present = at): Pong {
  const path = routeAt(node, at);
  const isLost = chance(`${node.id} loss`, at / 1000) < (path === 'direct' ? 0.002 : 0.008);
  if (isLost || !demoOnline(node, at, present)) return { ok: false, error: 'timed out' };
  const detour = path === 'direct' ? 0 : path === 'relay' ? 14 : 5;
  const evening = 0.15 * (1 + Math.sin((2 * Math.PI * (at - 14 * HOUR)) / DAY));
  const jitter = 0.4 * chance(`${node.id} jitter`, at / 1000) ** 3;
  const slow = hasTrouble(node, 'slow', at) ? 2.4 : 1;
  return {
    ok: true,
    latencyMs: rounded((node.latencyMs + detour) * slow * (1 + evening + jitter)),
    path,
    endpoint: path === 'relay' ? null : node.endpoint,
    relayRegion: path === 'relay' ? node.homeRegion : null,
  };
}

/** Returns the bytes received since the counter last started: those of every hour in which the node was online. */
export function bytesAt(node: DemoNode, at: number): number {
  const shift = Math.floor((chance(`${node.id} counter`, 0) * COUNTER_LIFE) / HOUR) * HOUR;
  const start = Math.floor((at + shift) / COUNTER_LIFE) * COUNTER_LIFE - shift;
  let bytes = 0;
  for (let hour = start; hour < at; hour += HOUR) {
    bytes += bytesPerSecondAt(node, hour, at) * (Math.min(HOUR, at - hour) / 1000);
  }
  return bytes;
}

/** Returns the bytes received from a node each second of an hour; a full hour, UTC. */
export function bytesPerSecondAt(node: DemoNode, hour: number, present: number): number {
  if (node.self || !demoOnline(node, hour, present)) return 0;
  return node.bytesPerSecond * 2 * chance(`${node.id} bytes`, hour / HOUR);
}

/** Returns how much is sent to a node for each byte received. */
export const sentPerReceived = ({ id }: DemoNode): number => 0.3 + 1.2 * chance(`${id} sends`, 0);

/** What tailscaled counts beside what each node does: keepalives, and packets that are sent by two paths at once. */
export const OVERHEAD = 1.002;

/** Returns what the simulated tailscaled has counted since its own start, by path. */
export function countedAt(nodes: readonly DemoNode[], at: number): CountedByPath {
  const start = Math.floor(at / COUNTER_LIFE) * COUNTER_LIFE;
  const received = { direct: 0, peer_relay: 0, relay: 0 };
  const sent = { direct: 0, peer_relay: 0, relay: 0 };
  for (const node of nodes) {
    for (let time = start; time < at; time += HOUR / 2) {
      const hour = Math.floor(time / HOUR) * HOUR;
      const seconds = Math.min(HOUR / 2, at - time) / 1000;
      const bytes = bytesPerSecondAt(node, hour, at) * seconds * OVERHEAD;
      const path = routeAt(node, time);
      received[path] += bytes;
      sent[path] += bytes * sentPerReceived(node);
    }
  }
  const of = (path: keyof typeof sent) => ({
    ...{ rxBytes: Math.round(received[path]), txBytes: Math.round(sent[path]) },
  });
  return { direct: of('direct'), peer_relay: of('peer_relay'), relay: of('relay') };
}

function hasTrouble({ id, trouble }: DemoNode, kind: keyof typeof TROUBLE, at: number): boolean {
  const share = trouble[kind];
  if (share === undefined) return false;
  const [from, to] = TROUBLE[kind];
  const hour = (at % DAY) / HOUR;
  return hour >= from && hour < to && chance(`${id} ${kind}`, at / DAY) < share;
}

/**
 * Returns a number from 0 up to 1 that looks random and is always the same for a name and the whole part of a count
 * (FNV-1a, then MurmurHash3's finaliser).
 */
export function chance(name: string, count: number): number {
  let hash = 0x811c9dc5 ^ Math.floor(count);
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

export const rounded = (milliseconds: number) => Math.round(milliseconds * 1000) / 1000;
