import type { NetcheckResult } from '../domain/netcheck';
import { type EndFacts, relayCauses } from '../domain/relay-causes';
import { inWords } from '../domain/said';
import type { CollectorServices, Services } from '../services';
import type { DiagnosticsResponse, NetcheckResponse } from './health-schemas';
import { lastStatus } from './last-status';
import { nodes } from './monitored-devices';
import { isoTime } from './wire';

/** Returns our own network check, and for every relayed device the likely reasons. `refresh` runs a new check first. */
export async function diagnostics(
  services: CollectorServices,
  { refresh }: { refresh: boolean },
): Promise<DiagnosticsResponse> {
  const { own } = services;
  if (refresh) await own.checkNetwork();
  return causesOf(services, async (address) => (await own.whois(address))?.network ?? null);
}

/** Returns the same from what is known here, without the other ends. */
export function diagnosticsKnown(services: Services): Promise<DiagnosticsResponse> {
  return causesOf(services, async () => null);
}

async function causesOf(
  services: Services,
  factsOf: (address: string) => Promise<EndFacts | null>,
): Promise<DiagnosticsResponse> {
  const { tailnet } = services;
  const { last, error, errorSaid } = tailnet.network();
  const check = last?.netcheck;
  const ours: EndFacts | null = check
    ? {
        udp: check.udp,
        ipv6: check.ipv6,
        hardNat: check.mappingVariesByDestIp,
        portMapping: check.portMapping,
      }
    : null;
  const { nodes: list } = await nodes(services);
  const relayed = list.filter((node) => node.path === 'relay').slice(0, 10);
  const { devices } = lastStatus(services).status;
  return {
    netcheck: last && netcheckResponse(last),
    error: inWords(error, errorSaid),
    relayed: await Promise.all(
      relayed.map(async ({ id, hostname }) => {
        const address = devices.find((device) => device.id === id)?.addresses[0];
        const theirs = address ? await factsOf(address).catch(() => null) : null;
        const causes = relayCauses(ours, theirs, hostname);
        return {
          hostname,
          node_id: id,
          causes: causes.map(({ nextStep, ...rest }) => ({
            ...rest,
            next_step: nextStep,
            source: `docs/WHY_RELAYED.md#${rest.code.replace(/-(ours|theirs|both)$/, '')}`,
          })),
        };
      }),
    ),
  };
}

function netcheckResponse({ time, netcheck, regions }: NetcheckResult): NetcheckResponse {
  const named = (id: string) => regions[id] ?? { code: id, name: `region ${id}` };
  return {
    time: isoTime(time),
    udp: netcheck.udp,
    ipv4: netcheck.ipv4,
    ipv6: netcheck.ipv6,
    hard_nat: netcheck.mappingVariesByDestIp,
    port_mapping: netcheck.portMapping,
    captive_portal: netcheck.captivePortal,
    preferred_region:
      netcheck.preferredDerp === null ? null : named(String(netcheck.preferredDerp)).code,
    regions: Object.entries(netcheck.regionLatencyMs)
      .map(([id, latency]) => ({ ...named(id), latency_ms: latency }))
      .sort((a, b) => a.latency_ms - b.latency_ms),
  };
}
