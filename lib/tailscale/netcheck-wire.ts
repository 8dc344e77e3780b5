import * as z from 'zod';
import type { Netcheck } from '../domain/netcheck';
import { parseExactJson, skipWarnings } from './exact-json';
import { flag, optionalFlag } from './wire-fields';

/**
 * `netcheck.Report` as `tailscale netcheck --format=json` prints it, and the older form in the seed. Now:
 * `RegionLatency`, nanoseconds by region id. Then: `DERPLatency`, seconds by `id-code`. `HairPinning` no longer exists
 * and is not needed.
 */
const netcheckSchema = z.object({
  UDP: z.boolean(),
  IPv4: z.boolean().nullish(),
  IPv6: flag,
  MappingVariesByDestIP: optionalFlag,
  UPnP: optionalFlag,
  PMP: optionalFlag,
  PCP: optionalFlag,
  CaptivePortal: optionalFlag,
  PreferredDERP: z.int().nullish(),
  RegionLatency: z.record(z.string(), z.number()).nullish(),
  DERPLatency: z.record(z.string(), z.number()).nullish(),
});
export type WireNetcheck = z.infer<typeof netcheckSchema>;

/** Parses and validates; warnings before the JSON are skipped. Throws `SyntaxError` or `ZodError`. */
export function parseNetcheck(body: string): WireNetcheck {
  return netcheckSchema.parse(parseExactJson(skipWarnings(body)));
}

/** Wire → domain: latencies in milliseconds to the microsecond. */
export function netcheckFromWire(wire: WireNetcheck): Netcheck {
  const probes = [
    ['upnp', wire.UPnP],
    ['pmp', wire.PMP],
    ['pcp', wire.PCP],
  ] as const;
  const probed = probes.some(([, found]) => found !== null);
  return {
    udp: wire.UDP,
    // The older form may omit it: a UDP answer that was not IPv6 was IPv4.
    ipv4: wire.IPv4 ?? (wire.UDP && !wire.IPv6),
    ipv6: wire.IPv6,
    mappingVariesByDestIp: wire.MappingVariesByDestIP,
    portMapping: probed ? probes.filter(([, found]) => found).map(([name]) => name) : null,
    captivePortal: wire.CaptivePortal,
    preferredDerp: wire.PreferredDERP || null,
    regionLatencyMs: wire.RegionLatency
      ? latencies(wire.RegionLatency, 1e-6)
      : latencies(wire.DERPLatency ?? {}, 1e3),
  };
}

/**
 * Returns latencies by region id in milliseconds; the best one where a region has an entry for each address family
 * (`9-v4`, `9-v6`).
 */
function latencies(wire: Record<string, number>, toMs: number): Record<string, number> {
  const best: Record<string, number> = {};
  for (const [key, value] of Object.entries(wire)) {
    const region = /^\d+/.exec(key)?.[0];
    if (region === undefined || value < 0) continue;
    const milliseconds = Math.round(value * toMs * 1e3) / 1e3;
    best[region] = Math.min(best[region] ?? Number.POSITIVE_INFINITY, milliseconds);
  }
  return best;
}

/** Returns region codes by id, which only the older form contains (`9-fra`). */
export function regionCodes(wire: WireNetcheck): Map<string, string> {
  const codes = new Map<string, string>();
  for (const key of Object.keys(wire.DERPLatency ?? {})) {
    const [, region, code] = /^(\d+)-([a-z]{2,5})$/.exec(key) ?? [];
    if (region && code && !/^v[46]$/.test(code)) codes.set(region, code);
  }
  return codes;
}
