import type { TimeRange } from '../../domain/access';
import type { EventKind, StoredEvent, TailnetEvent } from '../../domain/event';

export type EventFilter = { kind?: EventKind; nodeId?: string };
export type EventPage = { events: StoredEvent[]; nextCursor: string | null };

/** What changed in the tailnet. */
export interface EventHistory {
  /** Newest first. Throws `BadCursor`. */
  events(
    range: TimeRange,
    filter: EventFilter,
    limit: number,
    cursor: string | null,
  ): Promise<EventPage>;
}

export interface EventStore extends EventHistory {
  addEvents(events: readonly TailnetEvent[]): Promise<StoredEvent[]>;
}
