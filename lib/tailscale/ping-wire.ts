import * as z from 'zod';
import { withoutVni } from './status-wire';
import type { Pong } from './tailscale';
import { counter, text } from './wire-fields';

/** `ipnstate.PingResult`, LocalAPI's answer to `ping`. A failure is a 200 with `Err`. */
const pingSchema = z.object({
  Err: text,
  LatencySeconds: z.number().nonnegative().nullish(),
  Endpoint: text,
  PeerRelay: text,
  DERPRegionID: counter,
  DERPRegionCode: text,
});

/**
 * Body → domain. Latency keeps microseconds, which the CLI's text (whole milliseconds) lacks. Throws `SyntaxError` or
 * `ZodError`.
 */
export function pongFromBody(body: string): Pong {
  return pongOf(pingSchema.parse(JSON.parse(body)));
}

/** The same of the sidecar's list of such answers, with `null` for none. Throws as `pongFromBody`. */
export function pongsFromBody(body: string): Pong[] {
  const pings = z.array(pingSchema.nullable()).parse(JSON.parse(body));
  return pings.map((ping) => (ping ? pongOf(ping) : { ok: false, error: 'timed out' }));
}

function pongOf(ping: z.infer<typeof pingSchema>): Pong {
  if (ping.Err !== '') return { ok: false, error: ping.Err };
  const latencyMs = Math.round((ping.LatencySeconds ?? 0) * 1e6) / 1e3;
  const pong = { ok: true, latencyMs, endpoint: null, relayRegion: null } as const;
  if (ping.PeerRelay !== '') {
    return { ...pong, path: 'peer_relay', endpoint: withoutVni(ping.PeerRelay) };
  }
  // By the id: a region that is not in the DERP map has no code. https://github.com/tailscale/tailscale/issues/9526
  if (ping.DERPRegionID !== 0 || ping.DERPRegionCode !== '') {
    const relayRegion = ping.DERPRegionCode || String(ping.DERPRegionID);
    return { ...pong, path: 'relay', relayRegion };
  }
  return { ...pong, path: 'direct', endpoint: ping.Endpoint || null };
}
