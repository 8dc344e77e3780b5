import { randomUUID } from 'node:crypto';
import { formatsOf } from '../access-log/settings/per-log';
import { AnnounceCollector, collectorUrl } from '../cluster/announce';
import type { Collector } from '../collect/collector';
import { Feed } from '../collect/feed';
import { type Config, ConfigError } from '../config/config';
import { everyInterval } from '../domain/schedule';
import type { Gate } from '../identity/gate';
import { closeLog, logger, setUpLog } from '../log/log';
import type { CollectorServices, Services } from '../services';
import type { Tailscale } from '../tailscale/tailscale';
import { SECOND } from '../util/time';
import { version } from '../util/version';
import { buildAlerts } from './build/alerts';
import { buildGate } from './build/http';
import { buildJobs, type Parts } from './build/jobs';
import { buildModels } from './build/models';
import { buildObservers } from './build/observers';
import { collectorServices } from './build/services';
import { findSource } from './build/source';
import { openStorage } from './build/storage';

const log = logger('runtime');
/** How long a stop waits for work in progress. */
const DRAIN_MS = 8 * SECOND;

/** A running instance. */
export type Running = {
  services: Services;
  gate: Gate;
  /** Finishes work in progress and releases everything. */
  stop(): Promise<void>;
};

/** Builds and starts an instance. Throws what prevents it from running; then nothing is left running. */
export async function start(config: Config): Promise<Running> {
  // To standard output only, until the folder of the log files is known.
  setUpLog({ ...config.log, folder: null });
  checkLogFormat(config.accessLog.format);
  if (config.role !== 'web') return startCollector(config);
  // What only some services use is loaded where it is used, here and below: its code would take memory in all others.
  const { startReplica } = await import('./replica');
  return startReplica(config);
}

async function startCollector(config: Config): Promise<Running> {
  const source = await findSource(config);
  const storage = await openStorage(config, source);
  const feed = new Feed();
  const observers = await buildObservers(config, source, storage, feed);
  const models = await buildModels(config, source, storage);
  const alerts = buildAlerts(config, source, storage, feed, observers);
  const parts = { source, storage, feed, observers, models, alerts };
  const instance = randomUUID();
  const more = [
    ...(await forReplicas(config, parts, instance)),
    ...(await pushes(config, source.isDemo, () => services)),
  ];
  const scheduler = await buildJobs(config, parts, more);
  const services: CollectorServices = collectorServices(config, parts, scheduler, instance);
  const gate = buildGate(config, source.tailscale, () => observers.tailnet.view().status);
  // Its answer tells the gate the names of this device, and whether others' connections come from loopback.
  await observers.tailnet.run().catch(() => {});
  await scheduler.start();
  log.info(startedLine(source.tailscale), {
    database: storage.database,
    access_log: source.accessLog.pattern,
  });
  const stop = async () => {
    observers.map.stop();
    await scheduler.stop(DRAIN_MS);
    // The ingest thread stores what it has read; then the last status is saved, before its store closes.
    await observers.tailnet.save().catch(() => {});
    await storage.close();
    log.info('stopped; everything read is stored');
    await closeLog();
  };
  return { services, gate, stop };
}

function startedLine({ source, location }: Pick<Tailscale, 'source' | 'location'>): string {
  if (source === 'none') return 'started; no Tailscale yet';
  return source === 'demo'
    ? 'started with the demo tailnet'
    : `started; Tailscale by ${source}, ${location}`;
}

function checkLogFormat(format: string | undefined): void {
  try {
    formatsOf(format);
  } catch (error) {
    throw new ConfigError(`ACCESS_LOG_FORMAT: ${error instanceof Error ? error.message : error}`);
  }
}

/** Returns the jobs that a collector over InfluxDB has for its replicas. */
async function forReplicas(
  config: Config,
  { storage, observers }: Parts,
  instance: string,
): Promise<Collector[]> {
  if (!storage.influx) return [];
  const { InfluxCollectorRegistry } = await import('../store/influx/collector-registry');
  const announce = new AnnounceCollector({
    registry: new InfluxCollectorRegistry(storage.influx.client),
    announcement: { name: config.collectorName, instance, version },
    url: () => collectorUrl(config.cluster, observers.tailnet.view().status),
  });
  return [storage.influx.watch, announce];
}

/** Returns the job that pushes metrics, where that is set; those of a simulation stay here. */
async function pushes(
  { otlp, collectorName }: Config,
  isDemo: boolean,
  services: () => Services,
): Promise<Collector[]> {
  if (!otlp || isDemo) return [];
  const [{ PushMetrics }, { currentFamilies }] = await Promise.all([
    import('../otlp/push-metrics'),
    import('../api/metrics'),
  ]);
  const settings = { url: otlp.url, headers: otlp.headers, instance: collectorName };
  const schedule = everyInterval(otlp.intervalMs);
  return [new PushMetrics(schedule, settings, () => currentFamilies(services()))];
}
