import { DAY } from '../util/time';
import type { Device, Path } from './device';
import type { TailnetEvent } from './event';
import { healthWarnings } from './health-warning';
import { type Routes, routeEvents } from './routes';

/** How many days before a key expires there is a notice. */
const KEY_NOTICES = [30, 7, 1] as const;

/** The watched state of a device. */
export type DeviceState = {
  name: string;
  /** Whether it is up; `null`: not known yet. */
  up: boolean | null;
  /** When that began; epoch milliseconds, `null` when unknown. */
  since: number | null;
  /** The last path that its traffic was seen to take; `null` before the first. */
  path: 'direct' | 'peer_relay' | 'relay' | null;
  seenByControl: boolean;
  /** `''`: expires much later or never. Else the notice passed (`30`, `7`, `1`), or `expired`. */
  key: string;
  homeRegion: string | null;
};
export type TailnetState = {
  nodes: Record<string, DeviceState>;
  /** tailscaled's warnings, verbatim. */
  health: string[];
  routes: Routes;
};

/** Returns how near a key's expiry is at `now`, as a notice. */
export function keyNotice(device: Pick<Device, 'expired' | 'keyExpiry'>, now: number): string {
  if (device.expired) return 'expired';
  if (device.keyExpiry === null) return '';
  const days = (device.keyExpiry - now) / DAY;
  if (days <= 0) return 'expired';
  return String(KEY_NOTICES.findLast((notice) => days <= notice) ?? '');
}

/** Returns the path when it shows where traffic goes; an idle or offline device has none. */
export function travelledPath(path: Path): DeviceState['path'] {
  return path === 'direct' || path === 'peer_relay' || path === 'relay' ? path : null;
}

/** Returns what changed between two looks. A device's first known path is not an event. */
export function transitions(
  before: TailnetState,
  after: TailnetState,
  time: number,
): TailnetEvent[] {
  const events: TailnetEvent[] = [];
  for (const [nodeId, now] of Object.entries(after.nodes)) {
    const was = before.nodes[nodeId];
    if (was) events.push(...deviceEvents(nodeId, was, now, time));
    else events.push(deviceEvent('node_added', nodeId, now.name, time, null, now.name));
  }
  for (const [nodeId, { name }] of Object.entries(before.nodes)) {
    if (after.nodes[nodeId]) continue;
    events.push(deviceEvent('node_removed', nodeId, name, time, name, null));
  }
  events.push(...routeEvents(before.routes, after.routes, nameIn(before, after), time));
  events.push(...healthEvents(before.health, after.health, time));
  return events;
}

function deviceEvents(
  id: string,
  was: DeviceState,
  now: DeviceState,
  time: number,
): TailnetEvent[] {
  const events: TailnetEvent[] = [];
  const add = (
    kind: TailnetEvent['kind'],
    from: string | null,
    to: string | null,
    at: number = time,
  ) => events.push(deviceEvent(kind, id, now.name, at, from, to));
  if (was.name !== now.name) add('node_renamed', was.name, now.name);
  if (was.up !== null && now.up !== null && was.up !== now.up) {
    // When it fell silent, not when that was confirmed; but never before its last reported event.
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

const deviceEvent = (
  kind: TailnetEvent['kind'],
  nodeId: string,
  hostname: string,
  time: number,
  before: string | null,
  after: string | null,
): TailnetEvent => ({ time, kind, nodeId, hostname, before, after });

const nameIn = (before: TailnetState, after: TailnetState) => (nodeId: string) =>
  after.nodes[nodeId]?.name ?? before.nodes[nodeId]?.name ?? nodeId;

/** Compares warnings by key, since an ongoing one changes its text at each look: it begins once, and ends once. */
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
