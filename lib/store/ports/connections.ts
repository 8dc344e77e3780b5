import type { TimeRange } from '../../domain/access';
import type { Connection, ConnectionCounts, LatencyPoint } from '../../domain/connection';

/** What the rounds of pings found. */
export interface ConnectionHistory {
  /** A device's last rounds, newest first. */
  recentRounds(nodeId: string, limit: number): Promise<Connection[]>;
  /** The last round of each device. */
  lastConnections(): Promise<Connection[]>;
  /**
   * A device's latencies, oldest first, in equal periods of at least `intervalMs` and at most 500 of them; periods
   * without a measurement are gaps.
   */
  latencyHistory(nodeId: string, range: TimeRange, intervalMs: number): Promise<LatencyPoint[]>;
  /** What the rounds of a range found, by device; ranges are rounded outwards to five minutes. */
  connectionCounts(range: TimeRange): Promise<ConnectionCounts[]>;
}

export interface ConnectionStore extends ConnectionHistory {
  /** Stores a round. The same device and time twice is one. */
  addConnections(round: readonly Connection[]): Promise<void>;
}
