import { Counter, Gauge, Registry } from 'prom-client';
import { PATHS } from '../domain/device';
import { countDevices } from '../domain/judgement';
import type { OwnServices, Services } from '../services';
import { health } from './health';

/**
 * Returns the service's own metrics in Prometheus text format, built anew at each call so that nothing is counted
 * twice.
 */
export async function metrics(services: Services): Promise<{ body: string; contentType: string }> {
  const registry = new Registry();
  const gauge = (name: string, help: string, values: [Record<string, string>, number][]) => {
    const labelNames = Object.keys(values[0]?.[0] ?? {});
    const metric = new Gauge({
      name: `observatory_${name}`,
      help,
      labelNames,
      registers: [registry],
    });
    for (const [labels, value] of values) metric.set(labels, value);
  };
  const one = (name: string, help: string, value: number) => gauge(name, help, [[{}, value]]);

  const state = await health(services);
  const { status, answeredAt } = services.tailnet.view();
  one('up', '1 when everything works, as /healthz says', state.status === 'ok' ? 1 : 0);
  one('start_time_seconds', 'when this instance started', services.instance.startedAt / 1000);
  one('resident_memory_bytes', 'memory of this process', process.memoryUsage.rss());
  one('tailscale_reachable', '1 when tailscaled answers', state.tailscale.reachable ? 1 : 0);
  if (answeredAt !== null) {
    one('tailscale_answer_time_seconds', 'when tailscaled last answered', answeredAt / 1000);
  }
  if (status) {
    const judged = status.devices.map((device) => services.connections.judge(device));
    const counts = countDevices(status.devices, services.connections.judge);
    gauge('devices', 'devices of the tailnet by class', [
      [{ class: 'own' }, counts.own],
      [{ class: 'shared' }, counts.shared],
      [{ class: 'external' }, counts.external],
    ]);
    one('devices_online', 'devices online', counts.online);
    gauge(
      'devices_by_path',
      'devices by the path their traffic takes',
      PATHS.map((path) => [{ path }, judged.filter((one) => one.path === path).length]),
    );
  }
  if (services.own) countTraffic(registry, services.own);
  one('access_log_hits', 'hits stored since the start', state.access_log.hits);
  one('access_log_rejected', 'lines that could not be parsed, ever', state.access_log.rejected);
  one('access_log_backlog_bytes', 'bytes of log not read yet', state.access_log.backlog_bytes);
  one('store_size_bytes', 'bytes of the database on disk', state.store.size_bytes);
  one('store_writable', '1 when the store takes writes', state.store.writable ? 1 : 0);
  const { influxdb } = state.store;
  if (influxdb?.series != null) {
    one('influxdb_series', 'tag combinations in the buckets of InfluxDB', influxdb.series);
  }
  if (influxdb?.spool) {
    const { points, bytes, oldest, rejected } = influxdb.spool;
    const age = oldest === null ? 0 : Math.max(0, (Date.now() - Date.parse(oldest)) / 1000);
    one('spool_points', 'points waiting to be sent to InfluxDB', points);
    one('spool_bytes', 'bytes waiting to be sent to InfluxDB', bytes);
    one('spool_age_seconds', 'how long the oldest of them has waited', age);
    one('spool_rejected', 'points that InfluxDB will never take, ever', rejected);
  }
  gauge(
    'job_last_run_time_seconds',
    'when a job last started',
    state.jobs.flatMap(({ name, last_run }) =>
      last_run === null ? [] : [[{ job: name }, Date.parse(last_run) / 1000]],
    ),
  );
  gauge(
    'job_failed',
    '1 when the last run of a job failed',
    state.jobs.map(({ name, last_error }) => [{ job: name }, last_error === null ? 0 : 1]),
  );
  return { body: await registry.metrics(), contentType: registry.contentType };
}

/** Adds what travelled since the start, each way; as many as there are devices and paths of each. */
function countTraffic(registry: Registry, own: Pick<OwnServices, 'traffic'>): void {
  const labelNames = ['device_id', 'device', 'path', 'region', 'direction'] as const;
  const metric = new Counter({
    name: 'observatory_traffic_bytes_total',
    help: 'bytes that travelled to and from a device since the start, by path',
    labelNames,
    registers: [registry],
  });
  for (const { nodeId, hostname, path, region, rxBytes, txBytes } of own.traffic()) {
    const labels = { device_id: nodeId, device: hostname, path, region: region ?? '' };
    metric.inc({ ...labels, direction: 'received' }, rxBytes);
    metric.inc({ ...labels, direction: 'sent' }, txBytes);
  }
}
