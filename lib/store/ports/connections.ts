import type { TimeRange } from '../../domain/access';
import type {
  Connection,
  ConnectionCounts,
  LatencyPoint,
  PathSpan,
  PathSpeed,
} from '../../domain/connection';
import type { Path } from '../../domain/device';
import type { EventKind, StoredEvent, TailnetEvent } from '../../domain/event';

/** `hostname`: what people call the node, where that is known. */
export type PathObservation = { nodeId: string; time: number; path: Path; hostname?: string };
export type EventFilter = { kind?: EventKind; nodeId?: string };
export type EventPage = { events: StoredEvent[]; nextCursor: string | null };

/** A history has no more points than this, whatever its range. */
export const MAX_POINTS = 500;

/** The part of the store that knows how the tailnet's connections were. */
export interface ConnectionStore {
  /** Stores a round. The same node and time twice is one. */
  addConnections(round: readonly Connection[]): Promise<void>;
  /** A node's last rounds, newest first. */
  recentRounds(nodeId: string, limit: number): Promise<Connection[]>;
  /** The last round of each node. */
  lastConnections(): Promise<Connection[]>;
  /**
   * A node's latencies, oldest first, in equal steps of at least `intervalMs` and at most 500 of them; steps without a
   * measurement are gaps.
   */
  latencyHistory(nodeId: string, range: TimeRange, intervalMs: number): Promise<LatencyPoint[]>;
  /** What the rounds of a range found, by node; ranges are rounded outwards to five minutes. */
  connectionCounts(range: TimeRange): Promise<ConnectionCounts[]>;

  /** Lengthens each node's last span, or begins a new one when the path is another or nobody looked for two minutes. */
  observePaths(observations: readonly PathObservation[]): Promise<void>;
  /** Spans that touch the range, oldest first; of these nodes, or of all with `null`. */
  pathSpans(nodeIds: readonly string[] | null, range: TimeRange): Promise<PathSpan[]>;
  /** Response times over each kind of path, from hits and the path at their time; most hits first, at most 50. */
  speedByPath(range: TimeRange): Promise<PathSpeed[]>;

  addEvents(events: readonly TailnetEvent[]): Promise<StoredEvent[]>;
  /** Newest first. Throws `RangeError` on a cursor that is none. */
  events(
    range: TimeRange,
    filter: EventFilter,
    limit: number,
    cursor: string | null,
  ): Promise<EventPage>;
}
