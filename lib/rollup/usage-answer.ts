import type { Usage } from '../domain/access';
import {
  COARSE_LATENCY_ERROR,
  LATENCY_BUCKETS,
  LATENCY_ERROR,
  latencyQuantiles,
} from '../domain/latency';
import { grouped, plus } from './accumulator';
import type { Dictionaries } from './dictionaries';
import { distinctVisitors } from './distinct-visitors';
import { COUNTED, LOOPBACK, NON_TAILNET } from './filter';
import type { Series } from './series';
import type { UsageCounts } from './usage-counts';
import type { UserSets } from './user-sets';

/** The most rows in a list of the answer: what a refresh transfers stays small whatever the history. */
const LIST_LIMIT = 50;

/** Returns the answer that counts add up to. */
export function usageOf(
  counts: UsageCounts,
  names: Dictionaries,
  series: Series,
  users: UserSets,
): Usage {
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
    bytes: counts.responseBytes,
    ...quantilesOf(allLatency(counts)),
    responseTimeError: counts.coarse ? COARSE_LATENCY_ERROR : LATENCY_ERROR,
    topEndpoints: most(counts.endpointHits).map((e) => ({
      endpoint: names.endpoints[e] ?? '',
      hits: counts.endpointHits[e] ?? 0,
      users: users.size(counts.endpointUsers, e),
      people: users.people(counts.endpointUsers, e),
      errors: counts.endpointErrors[e] ?? 0,
      ...quantilesOf(counts.endpointLatency, e * LATENCY_BUCKETS),
    })),
    byUser: most(userHits).map((u) => ({
      user: names.users[u]?.user ?? '',
      userName: names.users[u]?.userName ?? '',
      hits: userHits[u] ?? 0,
      errors: userErrors[u] ?? 0,
      devices: devicesOf.get(names.users[u]?.user ?? '') ?? 0,
    })),
    byDevice: most(deviceHits).map((d) => ({
      id: names.devices[d]?.id ?? null,
      device: names.devices[d]?.device ?? '',
      user: names.devices[d]?.user ?? '',
      hits: deviceHits[d] ?? 0,
      errors: deviceErrors[d] ?? 0,
    })),
    byStatus: Object.fromEntries(
      [...counts.statusHits].flatMap((hits, code) =>
        hits > 0 ? [[code === 0 ? 'none' : String(code), hits]] : [],
      ),
    ),
    series: [...counts.pointHits].map((hits, i) => ({
      time: series.starts[i] ?? 0,
      hits,
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

const QUANTILES = [0.5, 0.95] as const;

function quantilesOf(latency: Float64Array, start = 0) {
  const [p50Ms = null, p95Ms = null] = latencyQuantiles(latency, QUANTILES, start);
  return { p50Ms, p95Ms };
}

/** Returns the histogram of all endpoints together. */
function allLatency({ endpointHits, endpointLatency }: UsageCounts): Float64Array {
  const sum = new Float64Array(LATENCY_BUCKETS);
  for (let e = 0; e < endpointHits.length; e++) {
    if (endpointHits[e] === 0) continue;
    const at = e * LATENCY_BUCKETS;
    for (let i = 0; i < LATENCY_BUCKETS; i++) plus(sum, i, endpointLatency[at + i] ?? 0);
  }
  return sum;
}

/** The rows with the most hits, at most LIST_LIMIT, none with 0. */
function most(hits: Float64Array): number[] {
  const rows: number[] = [];
  hits.forEach((n, i) => {
    if (n > 0) rows.push(i);
  });
  return rows.sort((a, b) => (hits[b] ?? 0) - (hits[a] ?? 0) || a - b).slice(0, LIST_LIMIT);
}
