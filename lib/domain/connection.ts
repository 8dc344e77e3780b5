import type { Path } from './device';

/** What a round of pings found. `offline`: nothing answered, or the node is not there; `unknown`: we could not ask. */
export const CONNECTION_TYPES = ['direct', 'peer_relay', 'relay', 'offline', 'unknown'] as const;
export type ConnectionType = (typeof CONNECTION_TYPES)[number];

/** One round of pings to one node (`tailscale_connections`). Latencies in milliseconds, `null` when no pong came, never 0. */
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
  /** Mean absolute difference of consecutive pongs. */
  jitter: number | null;
  sent: number;
  received: number;
  /** Cumulative as tailscaled gives them; may go back to zero. */
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
  /** The type most rounds found. */
  connectionType: ConnectionType | null;
};

/** How many rounds found what, by node. */
export type ConnectionCounts = {
  nodeId: string;
  hostname: string;
  rounds: Record<ConnectionType, number>;
  sent: number;
  received: number;
};

/** A stretch of time in which a node's path was seen to be the same. */
export type PathSpan = { nodeId: string; from: number; to: number; path: Path };

/** Response times of one endpoint over one kind of path. Milliseconds. */
export type PathSpeed = {
  endpoint: string;
  path: 'direct' | 'peer_relay' | 'relay';
  hits: number;
  p50Ms: number;
  p95Ms: number;
};

/**
 * Reads a round of pings: the path is that of the last pong, since the first ones of a sleeping connection go by relay
 * until the direct path is found.
 */
export function summarisePongs(
  pongs: readonly (
    | {
        ok: true;
        latencyMs: number;
        path: 'direct' | 'peer_relay' | 'relay';
        endpoint: string | null;
        relayRegion: string | null;
      }
    | { ok: false; error: string }
  )[],
): Pick<
  Connection,
  | 'connectionType'
  | 'relayNode'
  | 'endpoint'
  | 'latencyAvg'
  | 'latencyMin'
  | 'latencyMax'
  | 'jitter'
  | 'sent'
  | 'received'
> {
  const answered = pongs.flatMap((pong) => (pong.ok ? [pong] : []));
  const last = answered.at(-1);
  const times = answered.map((pong) => pong.latencyMs);
  const steps = times.slice(1).map((ms, i) => Math.abs(ms - (times[i] ?? ms)));
  const mean = (values: number[]) =>
    values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
  return {
    connectionType: last?.path ?? 'offline',
    relayNode: last?.relayRegion ?? 'none',
    endpoint: last?.endpoint ?? null,
    latencyAvg: mean(times),
    latencyMin: last ? Math.min(...times) : null,
    latencyMax: last ? Math.max(...times) : null,
    jitter: mean(steps),
    sent: pongs.length,
    received: answered.length,
  };
}
