import type { Usage } from '../domain/access';
import { COARSE_LATENCY_ERROR, LATENCY_ERROR, latencyQuantiles } from '../domain/latency';
import { grouped } from './accumulator';
import type { Dictionaries } from './dictionaries';
import { distinctVisitors } from './distinct-visitors';
import { COUNTED, LOOPBACK, NON_TAILNET } from './filter';
import { hostUsages } from './host-usages';
import type { IdSets, UserSets } from './id-sets';
import { most } from './most';
import type { Series } from './series';
import type { UsageCounts } from './usage-counts';

export type UsageSets = { users: UserSets; devices: IdSets };

/** Returns the answer that counts add up to; `lastAccess` of a host is exact only where its hits were added singly. */
export function usageOf(
  counts: UsageCounts,
  names: Dictionaries,
  series: Series,
  sets: UsageSets,
): Usage {
  const { users } = sets;
  const userHits = grouped(counts.visitorHits, names.user, names.users.length);
  const userErrors = grouped(counts.visitorErrors, names.user, names.users.length);
  const deviceHits = grouped(counts.visitorHits, names.device, names.devices.length);
  const deviceErrors = grouped(counts.visitorErrors, names.device, names.devices.length);
  const devicesOf = new Map<string, number>();
  deviceHits.forEach((hits, d) => {
    const user = names.devices[d]?.user ?? '';
    if (hits > 0) devicesOf.set(user, (devicesOf.get(user) ?? 0) + 1);
  });
  const distinct = distinctVisitors(counts.visitorHits, names);
  return {
    totalAccesses: userHits.reduce((a, b) => a + b, 0),
    uniqueUsers: distinct.users,
    visitors: distinct.visitors,
    uniqueDevices: deviceHits.filter((hits) => hits > 0).length,
    bytes: counts.endpointBytes.reduce((a, b) => a + b, 0),
    ...quantilesOf(counts.latency.total()),
    responseTimeError: counts.coarse ? COARSE_LATENCY_ERROR : LATENCY_ERROR,
    topEndpoints: most(counts.endpointHits).map((e) => {
      const { p50Ms, p95Ms } = quantilesOf(counts.latency.histogram(e));
      return {
        endpoint: names.endpoints[e] ?? '',
        host: names.hosts[names.host[e] ?? 0] ?? null,
        hits: counts.endpointHits[e] ?? 0,
        users: users.size(counts.endpointUsers, e),
        people: users.people(counts.endpointUsers, e),
        errors: counts.endpointErrors[e] ?? 0,
        p50Ms,
        p95Ms,
      };
    }),
    byUser: most(userHits).map((u) => ({
      user: names.users[u]?.user ?? '',
      userName: names.users[u]?.userName ?? '',
      hits: userHits[u] ?? 0,
      errors: userErrors[u] ?? 0,
      devices: devicesOf.get(names.users[u]?.user ?? '') ?? 0,
    })),
    byDevice: most(deviceHits).map((d) => ({
      device: names.devices[d]?.device ?? '',
      id: names.devices[d]?.id ?? null,
      user: names.devices[d]?.user ?? '',
      hits: deviceHits[d] ?? 0,
      errors: deviceErrors[d] ?? 0,
    })),
    byHost: hostUsages(counts, names, series, sets),
    byStatus: byStatus(counts.statusHits),
    series: series.starts.map((time, i) => ({
      time,
      hits: counts.pointHits[i] ?? 0,
      users: users.size(counts.pointUsers, i),
      people: users.people(counts.pointUsers, i),
      errors: counts.pointErrors[i] ?? 0,
    })),
    stepMs: series.resolution,
    timeZone: series.timeZone,
    leftOut: {
      bots: counts.leftOut[COUNTED] ?? 0,
      loopback: counts.leftOut[LOOPBACK] ?? 0,
      nonTailnet: counts.leftOut[NON_TAILNET] ?? 0,
    },
  };
}

function byStatus(hits: Float64Array): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let code = 0; code < hits.length; code++) {
    if (hits[code]) counts[code === 0 ? 'none' : String(code)] = hits[code] ?? 0;
  }
  return counts;
}

const QUANTILES = [0.5, 0.95] as const;

function quantilesOf(latency: Float64Array) {
  const [p50Ms = null, p95Ms = null] = latencyQuantiles(latency, QUANTILES);
  return { p50Ms, p95Ms };
}
