import { HOUR, MINUTE, SECOND } from '../util/time';
import { withoutVni } from './status-wire';
import type { Pong } from './tailscale';
import { printable } from './wire-fields';

/** `pong from NAME (IP) via VIA in DURATION`; a name may hold anything, so the line is matched from its end. */
const PONG = /^pong from .*\([^()]*\) via (\S+) in (\S+)$/;
const TIMED_OUT = /^ping ".*" timed out$/;
/** Reasons for no pong at all: texts of `cmd/tailscale/cli/ping.go`, `wgengine` and `wgengine/magicsock`. */
const REFUSED =
  /is local Tailscale IP|^(no matching peer|no reply|unknown peer|peer's node key has expired|local tailscaled stopped|node found but|error looking up IP)/;

/**
 * Parses the output of `tailscale ping`, one entry per line about a ping, in order; the output may contain both
 * streams, and the closing `no reply` counts only when it is the only one. Empty when no line is about a ping. Latency
 * in milliseconds, as rounded by the CLI.
 */
export function pongsFromText(output: string): Pong[] {
  const pongs: Pong[] = [];
  let refusal: Pong | null = null;
  for (const raw of output.split('\n')) {
    const line = raw.trim();
    const pong = PONG.exec(line);
    if (pong) {
      const read = pongFromText(pong[1] ?? '', pong[2] ?? '');
      if (read) pongs.push(read);
    } else if (TIMED_OUT.test(line)) {
      pongs.push({ ok: false, error: 'timed out' });
    } else if (REFUSED.test(line)) {
      refusal = { ok: false, error: printable(line) };
    }
  }
  return pongs.length === 0 && refusal ? [refusal] : pongs;
}

function pongFromText(via: string, duration: string): Pong | null {
  const latencyMs = goDurationMs(duration);
  if (latencyMs === null) return null;
  const pong = { ok: true, latencyMs, endpoint: null, relayRegion: null } as const;
  const derp = /^DERP\(([^()]*)\)$/.exec(via);
  if (derp) return { ...pong, path: 'relay', relayRegion: derp[1] || null };
  const relay = /^peer-relay\(([^()]*)\)$/.exec(via);
  if (relay) return { ...pong, path: 'peer_relay', endpoint: withoutVni(relay[1] ?? '') };
  if (via === '[direct]') return { ...pong, path: 'direct' };
  return /:\d+$/.test(via) ? { ...pong, path: 'direct', endpoint: via } : null;
}

const UNIT_MS: Record<string, number> = {
  h: HOUR,
  m: MINUTE,
  s: SECOND,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

/**
 * Parses Go's `time.Duration.String()` (`0s`, `12ms`, `1.203s`, `1m0.5s`) into milliseconds, to the microsecond; null
 * when it is invalid.
 */
export function goDurationMs(duration: string): number | null {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|[µμ]s|ns))+$/.test(duration)) return null;
  let total = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|[µμ]s|ns)/g)) {
    total += Number(amount) * (UNIT_MS[unit?.replace('μ', 'µ') ?? ''] ?? 0);
  }
  return Math.round(total * 1e3) / 1e3;
}
