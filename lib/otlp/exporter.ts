import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { Family } from '../api/metric-family';
import { AppError } from '../domain/errors';
import { say } from '../domain/said';
import { SECOND } from '../util/time';
import { version } from '../util/version';

export type OtlpSettings = {
  url: string;
  headers: Record<string, string>;
  /** Tells collectors (our own) apart: `service.instance.id`. */
  instance: string;
};
type HrTime = DataPoint<number>['endTime'];
type Attributes = DataPoint<number>['attributes'];
export type Push = (families: readonly Family[]) => Promise<void>;

const TIMEOUT_MS = 10 * SECOND;
/** Counters go on over restarts, so that when they began is not known. */
const UNKNOWN: HrTime = [0, 0];

/** Returns what sends families to a collector; it rejects when the collector does not take them. */
export function openPush({ url, headers, instance }: OtlpSettings): Push {
  const target = `${url}/v1/metrics`;
  const exporter = new OTLPMetricExporter({ url: target, headers, timeoutMillis: TIMEOUT_MS });
  return (families) =>
    new Promise((resolve, reject) => {
      exporter.export(resourceMetrics(families, instance), ({ code, error }) => {
        if (code === 0) resolve();
        else reject(new AppError('internal', refusal(target, error)));
      });
    });
}

const refusal = (target: string, error: Error | undefined) =>
  error
    ? say('healthProblems.metricsRefused', { target, reason: error.message })
    : say('healthProblems.metricsSilent', { target });

function resourceMetrics(families: readonly Family[], instance: string): ResourceMetrics {
  const now = Date.now();
  const time: HrTime = [Math.floor(now / SECOND), (now % SECOND) * 1e6];
  return {
    resource: resourceFromAttributes({
      'service.name': 'tailnet-observatory',
      'service.version': version,
      'service.instance.id': instance,
    }),
    scopeMetrics: [
      {
        scope: { name: 'tailnet-observatory', version },
        metrics: families.map((family) => metricData(family, time)),
      },
    ],
  };
}

/** Labels without a value are none, as in Prometheus. */
const attributesOf = (labels: Readonly<Record<string, string>>): Attributes =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));

function metricData(family: Family, time: HrTime): MetricData {
  const { name, help, type } = family;
  const descriptor = { name, description: help, unit: unitOf(name), valueType: 1 };
  const base = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
  const point = (labels: Readonly<Record<string, string>>) => ({
    ...{ startTime: UNKNOWN, endTime: time, attributes: attributesOf(labels) },
  });
  if (type === 'histogram') {
    const boundaries = [...family.bounds];
    const dataPoints = family.samples.map(({ labels, counts, sum }) => ({
      ...point(labels),
      value: {
        buckets: { boundaries, counts: [...counts] },
        ...{ sum, count: counts.reduce((a, b) => a + b, 0) },
      },
    }));
    return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = family.samples.map(({ labels, value }) => ({ ...point(labels), value }));
  return type === 'counter'
    ? { ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...base, dataPointType: DataPointType.GAUGE, dataPoints };
}

/** Units by UCUM, as OpenTelemetry has them; https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ */
function unitOf(name: string): string {
  const stem = name.replace(/_total$/, '');
  if (stem.endsWith('_seconds')) return 's';
  if (stem.endsWith('_bytes')) return 'By';
  return stem.endsWith('_ratio') ? '1' : '';
}
