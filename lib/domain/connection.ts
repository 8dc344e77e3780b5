import type { Path } from './device';

/**
 * What a round of pings found. `offline`: nothing answered, or the device does not exist; `unknown`: the pings could
 * not be sent.
 */
export const CONNECTION_TYPES = ['direct', 'peer_relay', 'relay', 'offline', 'unknown'] as const;
export type ConnectionType = (typeof CONNECTION_TYPES)[number];

/**
 * One round of pings to one device (`tailscale_connections`). Latencies in milliseconds, `null` when no pong came,
 * never 0.
 */
export type Connection = {
  /** Epoch milliseconds. */
  time: number;
  nodeId: string;
  hostname: string;
  connectionType: ConnectionType;
  /** DERP region code, or `none`. */
  relayNode: string;
  endpoint: string | null;
  latencyAvg: number | null;
  latencyMin: number | null;
  latencyMax: number | null;
  /** Mean absolute difference between consecutive pongs. */
  jitter: number | null;
  sent: number;
  received: number;
  /** Cumulative as reported by tailscaled; may reset to zero. */
  txBytes: number;
  rxBytes: number;
};

/** A point of a latency history. Everything is `null` where nothing was measured: a gap. */
export type LatencyPoint = {
  time: number;
  latencyMs: number | null;
  minMs: number | null;
  maxMs: number | null;
  /** Share of pings without an answer, 0 to 1. */
  loss: number | null;
  /** How many pings all of it is of, and how many of them were answered. */
  sent: number;
  received: number;
  /** The type that most rounds found. */
  connectionType: ConnectionType | null;
};

/** How many rounds found each type, by device. */
export type ConnectionCounts = {
  nodeId: string;
  hostname: string;
  rounds: Record<ConnectionType, number>;
  sent: number;
  received: number;
};

/** A period in which a device's path stayed the same. */
export type PathSpan = { nodeId: string; from: number; to: number; path: Path };

/** Response times of one endpoint over one kind of path. Milliseconds. */
export type PathSpeed = {
  endpoint: string;
  host: string | null;
  path: 'direct' | 'peer_relay' | 'relay';
  hits: number;
  p50Ms: number;
  p95Ms: number;
};
