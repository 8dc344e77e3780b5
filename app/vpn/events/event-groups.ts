import type { EventResponse } from '@/lib/api/health-schemas';
import { MINUTE } from '@/lib/util/time';
import { PATHS, type Path } from '../../../lib/domain/device';
import { EVENT_KINDS, type EventKind } from '../../../lib/domain/event';
import { t } from '../../../lib/i18n/t';

/** Events of one device close enough to belong together. Newest first, never empty. */
export type EventGroup = { newest: EventResponse; events: EventResponse[] };

/** Changes that can go back and forth. */
const REVERSIBLE: readonly EventKind[] = ['path_changed', 'node_online', 'node_offline'];
const NEAR_MS = 10 * MINUTE;
/** Two changes are two events; three are flapping. */
const FLAPPING = 3;

/**
 * Groups flapping, that is three or more changes of one device, each within ten minutes of the next. Events and groups
 * are newest first.
 */
export function groupEvents(events: readonly EventResponse[]): EventGroup[] {
  const groups: EventGroup[] = [];
  const open = new Map<string, EventGroup>();
  for (const event of events) {
    const key = REVERSIBLE.includes(event.kind) ? event.node_id : null;
    const group = key === null ? undefined : open.get(key);
    const last = group?.events.at(-1);
    if (group && last && Date.parse(last.time) - Date.parse(event.time) <= NEAR_MS) {
      group.events.push(event);
      continue;
    }
    const started = { newest: event, events: [event] };
    groups.push(started);
    if (key !== null) open.set(key, started);
  }
  return groups
    .flatMap((group) =>
      group.events.length >= FLAPPING
        ? [group]
        : group.events.map((event) => ({ newest: event, events: [event] })),
    )
    .sort((a, b) => Date.parse(b.newest.time) - Date.parse(a.newest.time));
}

/** Returns the name of a kind of event. */
export const eventWord = (kind: EventKind) => t(`events.${kind}`);

/** Returns the colour of an event: something stopped working, or is about to. */
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

/** Returns the word as one of the five path states, if it is one. */
export function asPath(word: string | null): Path | null {
  return PATHS.find((path) => path === word) ?? null;
}

/** The filters of the event feed, as written in the URL. */
export type EventView = { kind: EventKind | null; node: string | null };
const LONGEST_NAME = 255;

/** Reads the filters from URL parameters; invalid ones are left out. */
export function parseEventView(params: URLSearchParams): EventView {
  const kind = EVENT_KINDS.find((name) => name === params.get('kind')) ?? null;
  const node = params.get('node');
  return { kind, node: node && node.length <= LONGEST_NAME ? node : null };
}

/** Returns the API's parameters for a view; none for everything. */
export function eventParameters({ kind, node }: EventView) {
  return { kind: kind ?? undefined, node: node || undefined };
}
