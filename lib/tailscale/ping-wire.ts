import { z } from 'zod';
import { withoutVni } from './status-wire';
import type { Pong } from './tailscale';
import { text } from './wire-fields';

/** `ipnstate.PingResult`, LocalAPI's answer to `ping`. A failure is a 200 with `Err`. */
const pingSchema = z.object({
  Err: text,
  LatencySeconds: z.number().nonnegative().nullish(),
  Endpoint: text,
  PeerRelay: text,
  DERPRegionCode: text,
});

/** Body → domain. Latency keeps microseconds, which the CLI's text (whole milliseconds) does not have. Throws `SyntaxError` or `ZodError`. */
export function pongFromBody(body: string): Pong {
  const ping = pingSchema.parse(JSON.parse(body));
  if (ping.Err !== '') return { ok: false, error: ping.Err };
  const latencyMs = Math.round((ping.LatencySeconds ?? 0) * 1e6) / 1e3;
  const pong = { ok: true, latencyMs, endpoint: null, relayRegion: null } as const;
  if (ping.PeerRelay !== '') {
    return { ...pong, path: 'peer_relay', endpoint: withoutVni(ping.PeerRelay) };
  }
  if (ping.DERPRegionCode !== '') {
    return { ...pong, path: 'relay', relayRegion: ping.DERPRegionCode };
  }
  return { ...pong, path: 'direct', endpoint: ping.Endpoint || null };
}
