import type { Services } from '../services';
import { bit, counter, type Family, gauge, one, seconds, type Value } from './metric-family';
import type { HealthResponse } from './service-schemas';

/** Returns metrics under the names of version 0.1, which the version after 0.2 has no more (docs/METRICS.md). */
export function oldMetrics(services: Services, { access_log, store }: HealthResponse): Family[] {
  const old = (name: string, instead: string, values: readonly Value[]) =>
    gauge(name, `Deprecated: use observatory_${instead}`, values);
  const { answeredAt } = services.tailnet.view();
  const rejected = store.influxdb?.spool?.rejected;
  return [
    old(
      'tailscale_answer_time_seconds',
      'tailscale_last_answer_timestamp_seconds',
      one(seconds(answeredAt)),
    ),
    old('access_log_hits', 'access_log_hits_total', one(access_log.hits)),
    old('access_log_rejected', 'access_log_rejected_lines', one(access_log.rejected)),
    ...(rejected === undefined
      ? []
      : [old('spool_rejected', 'spool_rejected_points_total', one(rejected))]),
    old(
      'job_last_run_time_seconds',
      'job_last_run_timestamp_seconds',
      services.jobs().map(({ name, lastRun }) => [{ job: name }, seconds(lastRun)]),
    ),
    old(
      'job_failed',
      'job_last_run_failed',
      services.jobs().map(({ name, lastError }) => [{ job: name }, bit(lastError !== null)]),
    ),
    ...(services.own ? [trafficSinceStart(services.own.traffic())] : []),
  ];
}

function trafficSinceStart(traffic: ReturnType<NonNullable<Services['own']>['traffic']>): Family {
  return counter(
    'traffic_bytes_total',
    'Deprecated: use observatory_device_received_bytes_total and observatory_device_sent_bytes_total',
    traffic.flatMap(({ nodeId, hostname, path, region, rxBytes, txBytes }): Value[] => {
      const labels = { device_id: nodeId, device: hostname, path, region: region ?? '' };
      return [
        [{ ...labels, direction: 'received' }, rxBytes],
        [{ ...labels, direction: 'sent' }, txBytes],
      ];
    }),
  );
}
