import { SEVERITIES } from '../domain/alert';
import { OWN_STATES } from '../domain/own-device';
import type { Services } from '../services';
import { version } from '../util/version';
import { bit, counter, type Family, gauge, one, seconds, states } from './metric-family';
import { type Reached, within } from './metric-limits';
import type { HealthResponse } from './service-schemas';

/** Returns the metrics of the service itself; `state` is what `/healthz` says. */
export async function serviceMetrics(
  services: Services,
  state: HealthResponse,
  reached: Reached,
): Promise<Family[]> {
  const { answeredAt } = services.tailnet.view();
  const firing = (await services.alerts.open()).filter((alert) => alert.state === 'firing');
  const { access_log, store, tailscale } = state;
  return [
    gauge('up', '1 when everything works, as /healthz says', one(bit(state.status === 'ok'))),
    gauge('build_info', 'Always 1; which version runs, and where it keeps its data', [
      [{ version, store: store.kind }, 1],
    ]),
    gauge(
      'start_time_seconds',
      'When this instance started',
      one(seconds(services.instance.startedAt)),
    ),
    gauge('resident_memory_bytes', 'Memory of this process', one(process.memoryUsage.rss())),
    gauge('tailscale_reachable', '1 when tailscaled answers', one(bit(tailscale.reachable))),
    gauge(
      'tailscale_last_answer_timestamp_seconds',
      'When tailscaled last answered',
      one(seconds(answeredAt)),
    ),
    gauge(
      'own_device_state',
      'The state of our own device as a state set: 1 for the current one',
      states(OWN_STATES, tailscale.own_device.state, (state) => ({ state })),
    ),
    gauge(
      'alerts_firing',
      'Alerts that fire, muted and acknowledged ones too, by severity',
      SEVERITIES.map((severity) => [
        { severity },
        firing.filter((alert) => alert.severity === severity).length,
      ]),
    ),
    counter(
      'access_log_hits_total',
      'Hits stored since the start of this process',
      one(access_log.hits),
    ),
    // One that is read again and understood is no rejected line any more.
    gauge(
      'access_log_rejected_lines',
      'Lines of logs that could not be parsed',
      one(access_log.rejected),
    ),
    gauge('access_log_backlog_bytes', 'Bytes of log not read yet', one(access_log.backlog_bytes)),
    gauge('store_size_bytes', 'Bytes of the database on disk', one(store.size_bytes)),
    gauge('store_writable', '1 when the store takes writes', one(bit(store.writable))),
    ...influxMetrics(store),
    ...collectorMetrics(state, reached),
    ...jobMetrics(services, reached),
  ];
}

function influxMetrics({ influxdb }: HealthResponse['store']): Family[] {
  if (!influxdb) return [];
  const series = gauge(
    'influxdb_series',
    'Tag combinations in the buckets of InfluxDB',
    one(influxdb.series),
  );
  if (!influxdb.spool) return [series];
  const { points, bytes, oldest, rejected, sent } = influxdb.spool;
  const age = oldest === null ? 0 : Math.max(0, (Date.now() - Date.parse(oldest)) / 1_000);
  return [
    series,
    gauge('spool_points', 'Points waiting to be sent to InfluxDB', one(points)),
    gauge('spool_bytes', 'Bytes waiting to be sent to InfluxDB', one(bytes)),
    gauge('spool_age_seconds', 'How long the oldest of them has waited', one(age)),
    counter('spool_sent_points_total', 'Points sent to InfluxDB since the start', one(sent)),
    counter(
      'spool_rejected_points_total',
      'Points that InfluxDB will never take, ever',
      one(rejected),
    ),
  ];
}

function collectorMetrics({ collectors }: HealthResponse, reached: Reached): Family[] {
  const shown = within('collector', collectors, reached);
  return [
    gauge(
      'collector_up',
      '1 when a collector answers, 0 when it is away',
      shown.map(({ name, away }) => [{ collector: name }, bit(!away)]),
    ),
    gauge(
      'collector_last_seen_timestamp_seconds',
      'When a collector last answered',
      shown.map(({ name, last_seen }) => [{ collector: name }, Date.parse(last_seen) / 1_000]),
    ),
  ];
}

/** `job_name`, since Prometheus calls `job` what it has scraped. */
function jobMetrics(services: Services, reached: Reached): Family[] {
  const jobs = within('job_name', services.jobs(), reached);
  return [
    counter(
      'job_runs_total',
      'Finished runs of a job since the start, by result',
      jobs.flatMap(({ name, runs, failures }) => [
        [{ job_name: name, result: 'success' }, runs - failures],
        [{ job_name: name, result: 'failure' }, failures],
      ]),
    ),
    counter(
      'job_run_seconds_total',
      'How long the runs of a job took since the start',
      jobs.map(({ name, ranMs }) => [{ job_name: name }, ranMs / 1_000]),
    ),
    gauge(
      'job_last_run_timestamp_seconds',
      'When a job last started',
      jobs.map(({ name, lastRun }) => [{ job_name: name }, seconds(lastRun)]),
    ),
    gauge(
      'job_last_run_failed',
      '1 when the last run of a job failed',
      jobs.map(({ name, lastError }) => [{ job_name: name }, bit(lastError !== null)]),
    ),
    gauge(
      'job_overdue_seconds',
      'How long ago a job should have run again; 0: it is in time',
      jobs.map(({ name, overdueMs }) => [{ job_name: name }, overdueMs / 1_000]),
    ),
  ];
}
