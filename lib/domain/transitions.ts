import type { Device, Path } from './device';
import type { TailnetEvent } from './event';

const DAY = 86_400_000;
/** Days before its end at which a key is spoken of. */
const KEY_NOTICES = [30, 7, 1] as const;

/** What is watched of a node. `path` is the last one that traffic was seen to take; `null` before the first. */
export type NodeState = {
  hostname: string;
  online: boolean;
  path: 'direct' | 'peer_relay' | 'relay' | null;
  /** `''`: long to go or never. Else the notice passed (`30`, `7`, `1`), or `expired`. */
  key: string;
  homeRegion: string | null;
};
export type TailnetState = { nodes: Record<string, NodeState>; health: string[] };

/** How near the end of a key is at `now`, as a notice. */
export function keyNotice(device: Pick<Device, 'expired' | 'keyExpiry'>, now: number): string {
  if (device.expired) return 'expired';
  if (device.keyExpiry === null) return '';
  const days = (device.keyExpiry - now) / DAY;
  if (days <= 0) return 'expired';
  return String(KEY_NOTICES.findLast((notice) => days <= notice) ?? '');
}

/** The path when it says where traffic goes; an idle or offline node has none. */
export function travelledPath(path: Path): NodeState['path'] {
  return path === 'direct' || path === 'peer_relay' || path === 'relay' ? path : null;
}

/** What changed between two looks. A node never seen travelling gets no path event for its first path. */
export function transitions(
  before: TailnetState,
  after: TailnetState,
  time: number,
): TailnetEvent[] {
  const events: TailnetEvent[] = [];
  for (const [nodeId, now] of Object.entries(after.nodes)) {
    const was = before.nodes[nodeId];
    const add = (kind: TailnetEvent['kind'], from: string | null, to: string | null) =>
      events.push({ time, kind, nodeId, hostname: now.hostname, before: from, after: to });
    if (!was) {
      add('node_added', null, now.hostname);
      continue;
    }
    if (was.online !== now.online) {
      if (now.online) add('node_online', 'offline', 'online');
      else add('node_offline', 'online', 'offline');
    }
    if (was.path && now.path && was.path !== now.path) add('path_changed', was.path, now.path);
    if (now.key !== was.key && now.key === 'expired') add('key_expired', was.key, now.key);
    else if (now.key !== was.key && now.key !== '') add('key_expiring', was.key, now.key);
    if (was.homeRegion && now.homeRegion && was.homeRegion !== now.homeRegion) {
      add('home_region_changed', was.homeRegion, now.homeRegion);
    }
  }
  for (const [nodeId, was] of Object.entries(before.nodes)) {
    if (after.nodes[nodeId]) continue;
    const { hostname } = was;
    events.push({ time, kind: 'node_removed', nodeId, hostname, before: hostname, after: null });
  }
  const tell = (message: { before: string | null; after: string | null }) =>
    events.push({ time, kind: 'tailscaled_health', nodeId: null, hostname: null, ...message });
  for (const message of after.health) {
    if (!before.health.includes(message)) tell({ before: null, after: message });
  }
  for (const message of before.health) {
    if (!after.health.includes(message)) tell({ before: message, after: null });
  }
  return events;
}
