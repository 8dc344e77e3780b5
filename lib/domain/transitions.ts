import { DAY } from '../util/time';
import type { Device, Path } from './device';
import type { TailnetEvent } from './event';
import { healthWarnings } from './health-warning';
import { type Routes, routeEvents } from './routes';

/** Days before its end at which a key is spoken of. */
const KEY_NOTICES = [30, 7, 1] as const;

/** What is watched of a device. */
export type NodeState = {
  name: string;
  /** Whether it is up; `null`: never known. */
  up: boolean | null;
  /** Since when; epoch milliseconds, `null` when that is not known. */
  since: number | null;
  /** The last path that traffic was seen to take; `null` before the first. */
  path: 'direct' | 'peer_relay' | 'relay' | null;
  seenByControl: boolean;
  /** `''`: long to go or never. Else the notice passed (`30`, `7`, `1`), or `expired`. */
  key: string;
  homeRegion: string | null;
};
export type TailnetState = {
  nodes: Record<string, NodeState>;
  /** tailscaled's warnings as it words them. */
  health: string[];
  routes: Routes;
};

/** How near the end of a key is at `now`, as a notice. */
export function keyNotice(device: Pick<Device, 'expired' | 'keyExpiry'>, now: number): string {
  if (device.expired) return 'expired';
  if (device.keyExpiry === null) return '';
  const days = (device.keyExpiry - now) / DAY;
  if (days <= 0) return 'expired';
  return String(KEY_NOTICES.findLast((notice) => days <= notice) ?? '');
}

/** The path when it says where traffic goes; an idle or offline device has none. */
export function travelledPath(path: Path): NodeState['path'] {
  return path === 'direct' || path === 'peer_relay' || path === 'relay' ? path : null;
}

/** What changed between two looks. A device never seen travelling gets no path event for its first path. */
export function transitions(
  before: TailnetState,
  after: TailnetState,
  time: number,
): TailnetEvent[] {
  const events: TailnetEvent[] = [];
  for (const [nodeId, now] of Object.entries(after.nodes)) {
    const was = before.nodes[nodeId];
    if (was) events.push(...nodeEvents(nodeId, was, now, time));
    else events.push(nodeEvent('node_added', nodeId, now.name, time, null, now.name));
  }
  for (const [nodeId, { name }] of Object.entries(before.nodes)) {
    if (after.nodes[nodeId]) continue;
    events.push(nodeEvent('node_removed', nodeId, name, time, name, null));
  }
  events.push(...routeEvents(before.routes, after.routes, nameIn(before, after), time));
  events.push(...healthEvents(before.health, after.health, time));
  return events;
}

function nodeEvents(id: string, was: NodeState, now: NodeState, time: number): TailnetEvent[] {
  const events: TailnetEvent[] = [];
  const add = (
    kind: TailnetEvent['kind'],
    from: string | null,
    to: string | null,
    at: number = time,
  ) => events.push(nodeEvent(kind, id, now.name, at, from, to));
  if (was.name !== now.name) add('node_renamed', was.name, now.name);
  if (was.up !== null && now.up !== null && was.up !== now.up) {
    // When it fell silent, not when we were sure of it; but never before what was told of it last.
    const at = Math.min(time, Math.max(now.since ?? time, was.since ?? 0));
    if (now.up) add('node_online', 'offline', 'online', at);
    else add('node_offline', 'online', 'offline', at);
  }
  if (was.seenByControl !== now.seenByControl && now.up && was.up) {
    if (now.seenByControl) add('control_back', 'not connected', 'connected');
    else add('control_lost', 'connected', 'not connected');
  }
  if (was.path && now.path && was.path !== now.path) add('path_changed', was.path, now.path);
  if (now.key !== was.key && now.key === 'expired') add('key_expired', was.key, now.key);
  else if (now.key !== was.key && now.key !== '') add('key_expiring', was.key, now.key);
  if (was.homeRegion && now.homeRegion && was.homeRegion !== now.homeRegion) {
    add('home_region_changed', was.homeRegion, now.homeRegion);
  }
  return events;
}

const nodeEvent = (
  kind: TailnetEvent['kind'],
  nodeId: string,
  hostname: string,
  time: number,
  before: string | null,
  after: string | null,
): TailnetEvent => ({ time, kind, nodeId, hostname, before, after });

const nameIn = (before: TailnetState, after: TailnetState) => (nodeId: string) =>
  after.nodes[nodeId]?.name ?? before.nodes[nodeId]?.name ?? nodeId;

/** A warning that goes on has another text at each look: it begins once, and ends once. */
function healthEvents(
  before: readonly string[],
  after: readonly string[],
  time: number,
): TailnetEvent[] {
  const was = new Map(healthWarnings(before).map(({ key, text }) => [key, text]));
  const now = new Map(healthWarnings(after).map(({ key, text }) => [key, text]));
  const event = (from: string | null, to: string | null): TailnetEvent => ({
    time,
    kind: 'tailscaled_health',
    nodeId: null,
    hostname: null,
    before: from,
    after: to,
  });
  return [
    ...[...now].filter(([key]) => !was.has(key)).map(([, text]) => event(null, text)),
    ...[...was].filter(([key]) => !now.has(key)).map(([, text]) => event(text, null)),
  ];
}
