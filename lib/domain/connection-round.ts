import type { Connection } from './connection';
import { mean } from './mean';

/** One answered ping, or the reason why it was not answered. */
export type RoundPong =
  | {
      ok: true;
      latencyMs: number;
      path: 'direct' | 'peer_relay' | 'relay';
      endpoint: string | null;
      relayRegion: string | null;
    }
  | { ok: false; error: string };

export type RoundSummary = Pick<
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
>;

/**
 * What tailscaled reports for a ping that it sent and that got no answer. Any other message is about tailscaled, not
 * the device.
 */
const SILENCE = /^(timed out|timeout|no reply|peer's node key has expired|node found but)/i;

/**
 * Summarises a round of pings. The path is that of the last pong, since the first ones of a sleeping connection go by
 * relay until the direct path is found; latency and jitter are those of the pongs that took it. Pings that tailscaled
 * would not send (it is stopped, it knows no such peer) say nothing about the device: `unknown`.
 */
export function summarisePongs(pongs: readonly RoundPong[]): RoundSummary {
  const answered = pongs.flatMap((pong) => (pong.ok ? [pong] : []));
  const last = answered.at(-1);
  const used = answered.filter(
    ({ path, relayRegion }) => path === last?.path && relayRegion === last.relayRegion,
  );
  const times = used.map((pong) => pong.latencyMs);
  const steps = times.slice(1).map((ms, i) => Math.abs(ms - (times[i] ?? ms)));
  const unanswered = pongs.filter((pong) => !pong.ok && SILENCE.test(pong.error));
  const silent = unanswered.length > 0;
  return {
    connectionType: last?.path ?? (silent ? 'offline' : 'unknown'),
    relayNode: last?.relayRegion ?? 'none',
    endpoint: last?.endpoint ?? null,
    latencyAvg: mean(times),
    latencyMin: last ? Math.min(...times) : null,
    latencyMax: last ? Math.max(...times) : null,
    jitter: mean(steps),
    sent: answered.length + unanswered.length,
    received: answered.length,
  };
}

/** Networks of one site: an answer from there says nothing about the connection to the internet. */
const PRIVATE =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|127\.|\[?(f[cd]|fe80|::1))/i;

/** Returns whether an answered round crossed the internet: by a relay, or directly from a public address. */
export function crossedInternet(
  round: Pick<Connection, 'connectionType' | 'endpoint' | 'received'>,
): boolean {
  if (round.received === 0) return false;
  if (round.connectionType === 'relay') return true;
  return round.endpoint !== null && !PRIVATE.test(round.endpoint);
}
