import { Histogram, Registry } from 'prom-client';
import type { Services } from '../services';
import { accessMetrics } from './access-metrics';
import { deviceMetrics } from './device-metrics';
import { health } from './health';
import type { Family, Labels } from './metric-family';
import { limitMetrics, type Reached } from './metric-limits';
import { oldMetrics } from './old-metrics';
import { serviceMetrics } from './service-metrics';
import type { HealthResponse } from './service-schemas';

/**
 * Returns every metric but those of old names, made anew from what pages show; what it costs does not depend on the
 * history.
 */
export async function currentFamilies(services: Services): Promise<Family[]> {
  return familiesOf(services, await health(services));
}

async function familiesOf(services: Services, state: HealthResponse): Promise<Family[]> {
  const reached: Reached = new Set();
  const all = [
    ...(await serviceMetrics(services, state, reached)),
    ...(await deviceMetrics(services, reached)),
    ...(await accessMetrics(services, reached)),
  ];
  return [...all, ...limitMetrics(reached)].filter(hasSamples);
}

/** Returns the metrics in the text format of Prometheus. */
export async function metrics(services: Services): Promise<{ body: string; contentType: string }> {
  const registry = new Registry();
  const state = await health(services);
  const old = oldMetrics(services, state).filter(hasSamples);
  for (const family of [...(await familiesOf(services, state)), ...old]) {
    registry.registerMetric(new Counted(family));
  }
  return { body: await registry.metrics(), contentType: registry.contentType };
}

const hasSamples = ({ samples }: Family) => samples.length > 0;

/** A family whose values are known already: the library's own kinds of metrics would count them anew, one by one. */
class Counted extends Histogram {
  constructor(private readonly family: Family) {
    super({ name: family.name, help: family.help, registers: [] });
  }

  /** What the registry asks, of every kind. */
  async getForPromString() {
    const { name, help, type } = this.family;
    return { name, help, type, values: valuesOf(this.family), aggregator: 'sum' };
  }
}

function valuesOf(family: Family): { metricName?: string; labels: Labels; value: number }[] {
  if (family.type !== 'histogram') return family.samples;
  const { name, bounds, samples } = family;
  return samples.flatMap(({ labels, counts, sum }) => {
    let count = 0;
    const buckets = counts.map((more, i) => {
      count += more;
      const le = bounds[i] === undefined ? '+Inf' : String(bounds[i]);
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  });
}
