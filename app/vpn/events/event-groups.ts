import type { EventResponse } from '@/lib/api/health-schemas';
import { PATHS, type Path } from '../../../lib/domain/device';
import { EVENT_KINDS, type EventKind } from '../../../lib/domain/event';

/** Events of one node so near to one another that they are one story. Newest first, never empty. */
export type EventGroup = { newest: EventResponse; events: EventResponse[] };

/** Changes that come back and forth. */
const FLAPS: readonly EventKind[] = ['path_changed', 'node_online', 'node_offline'];
const NEAR_MS = 10 * 60_000;
/** Two are two events; three are flapping. */
const FLAPPING = 3;

/** Events, newest first, with flapping put into one group: three changes or more of one node, each within ten minutes of the next. */
export function groupEvents(events: readonly EventResponse[]): EventGroup[] {
  const groups: EventGroup[] = [];
  const open = new Map<string, EventGroup>();
  for (const event of events) {
    const key = FLAPS.includes(event.kind) ? event.node_id : null;
    const group = key === null ? undefined : open.get(key);
    const last = group?.events.at(-1);
    if (group && last && Date.parse(last.time) - Date.parse(event.time) <= NEAR_MS) {
      group.events.push(event);
      continue;
    }
    const made = { newest: event, events: [event] };
    groups.push(made);
    if (key !== null) open.set(key, made);
  }
  return groups
    .flatMap((group) =>
      group.events.length >= FLAPPING
        ? [group]
        : group.events.map((event) => ({ newest: event, events: [event] })),
    )
    .sort((a, b) => Date.parse(b.newest.time) - Date.parse(a.newest.time));
}

/** What a kind of event is called. */
export const EVENT_WORDS: Record<EventKind, string> = {
  node_online: 'came online',
  node_offline: 'went offline',
  path_changed: 'path changed',
  node_added: 'joined the tailnet',
  node_removed: 'left the tailnet',
  node_renamed: 'was renamed',
  control_lost: 'lost the coordination server',
  control_back: 'has the coordination server again',
  key_expiring: 'key about to expire',
  key_expired: 'key expired',
  home_region_changed: 'home region changed',
  route_moved: 'routes a subnet now',
  route_lost: 'routes a subnet no more, nor does another',
  route_back: 'routes a subnet again',
  own_device: 'this device changed',
  tailscaled_health: 'tailscaled reports',
  tailscaled_lost: 'tailscaled does not answer',
  tailscaled_back: 'tailscaled answers again',
};

/** What is worth a colour: something stopped working, or is about to. */
export function eventTone(
  event: Pick<EventResponse, 'kind' | 'after'>,
): 'bad' | 'warning' | 'quiet' {
  const { kind, after } = event;
  if (kind === 'node_offline' || kind === 'key_expired' || kind === 'tailscaled_lost') return 'bad';
  if (kind === 'route_lost' || (kind === 'own_device' && after !== 'ok')) return 'bad';
  if (kind === 'key_expiring' || (kind === 'path_changed' && after === 'relay')) return 'warning';
  if (kind === 'tailscaled_health' && after !== null) return 'warning';
  return 'quiet';
}

/** The word as one of the five path states, if it is one. */
export function asPath(word: string | null): Path | null {
  return PATHS.find((path) => path === word) ?? null;
}

/** What the event feed is narrowed to, as its URL says it. */
export type EventView = { kind: EventKind | null; node: string | null };
const LONGEST_NAME = 255;

/** Reads the filters from URL parameters; what makes no sense is left out. */
export function parseEventView(params: URLSearchParams): EventView {
  const kind = EVENT_KINDS.find((known) => known === params.get('kind')) ?? null;
  const node = params.get('node');
  return { kind, node: node && node.length <= LONGEST_NAME ? node : null };
}

/** The parameters of the API for a view; none for everything. */
export function eventParameters({ kind, node }: EventView) {
  return { kind: kind ?? undefined, node: node || undefined };
}
