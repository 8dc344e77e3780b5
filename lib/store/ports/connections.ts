import type { TimeRange } from '../../domain/access';
import type { Connection, ConnectionCounts, LatencyPoint } from '../../domain/connection';

/** The results of rounds of pings. */
export interface ConnectionHistory {
  /** Returns a device's last rounds, newest first. */
  recentRounds(nodeId: string, limit: number): Promise<Connection[]>;
  /** Returns the last round of each device. */
  lastConnections(): Promise<Connection[]>;
  /**
   * Returns a device's latencies, oldest first, in equal periods of at least `intervalMs`, in which rounds are made, and at most 500 of them;
   * periods without a measurement are gaps.
   */
  latencyHistory(nodeId: string, range: TimeRange, intervalMs: number): Promise<LatencyPoint[]>;
  /** Returns the results of the rounds in a range, by device; ranges are rounded outwards to five minutes. */
  connectionCounts(range: TimeRange): Promise<ConnectionCounts[]>;
}

export interface ConnectionStore extends ConnectionHistory {
  /** Stores a round. The same device and time twice is stored once. */
  addConnections(round: readonly Connection[]): Promise<void>;
}
