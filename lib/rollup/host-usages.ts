import type { HostUsage } from '../domain/access';
import { LATENCY_BUCKETS, latencyQuantile } from '../domain/latency';
import { grouped } from './accumulator';
import type { Dictionaries } from './dictionaries';
import { most } from './most';
import type { Series } from './series';
import type { UsageSets } from './usage-answer';
import type { UsageCounts } from './usage-counts';

/** Returns the hosts that counts add up to; `lastAccess` is exact only where hits were added one by one. */
export function hostUsages(
  counts: UsageCounts,
  names: Dictionaries,
  { starts, length }: Series,
  { users, devices }: UsageSets,
): HostUsage[] {
  const count = names.hosts.length;
  const hostOf = Uint32Array.from(names.host);
  const hits = grouped(counts.endpointHits, hostOf, count);
  const errors = grouped(counts.endpointErrors, hostOf, count);
  const bytes = grouped(counts.endpointBytes, hostOf, count);
  const hostUsers = new Uint32Array(count * users.words);
  const latencies = new Float64Array(count * LATENCY_BUCKETS);
  for (let e = 0; e < counts.endpointHits.length; e++) {
    if (counts.endpointHits[e] === 0) continue;
    const host = names.host[e] ?? 0;
    users.merge(counts.endpointUsers, e, hostUsers, host);
    counts.latency.addTo(latencies, host * LATENCY_BUCKETS, e);
  }
  return most(hits).map((h) => {
    const series = [...counts.hostHits.subarray(h * length, (h + 1) * length)];
    const lastPoint = starts[series.findLastIndex((n) => n > 0)] ?? 0;
    return {
      host: names.hosts[h] ?? null,
      hits: hits[h] ?? 0,
      users: users.size(hostUsers, h),
      people: users.people(hostUsers, h),
      devices: devices.size(counts.hostDevices, h),
      errors: errors[h] ?? 0,
      p50Ms: latencyQuantile(latencies, 0.5, h * LATENCY_BUCKETS),
      p95Ms: latencyQuantile(latencies, 0.95, h * LATENCY_BUCKETS),
      bytes: bytes[h] ?? 0,
      lastAccess: Math.max(lastPoint, counts.hostNewest[h] ?? 0),
      series,
    };
  });
}
