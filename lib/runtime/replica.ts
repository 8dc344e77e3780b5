import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { WatchCollectors } from '../cluster/watch-collectors';
import { Feed } from '../collect/feed';
import { Scheduler } from '../collect/scheduler';
import { type Config, ConfigError } from '../config/config';
import { replicaCredential } from '../identity/replica';
import { closeLog, logger, setUpLog } from '../log/log';
import { InfluxAudit } from '../store/influx/audit';
import { Influx } from '../store/influx/client';
import { InfluxCollectorRegistry } from '../store/influx/collector-registry';
import { InfluxHitSource } from '../store/influx/hit-source';
import { InfluxQueryEngine } from '../store/influx/query-engine';
import { replicaHistories } from '../store/influx/replica/histories';
import { SECOND } from '../util/time';
import { buildGate } from './build/http';
import { replicaServices } from './build/replica-services';
import { tailscaleOf } from './build/source';
import { watchInflux } from './build/storage';
import type { Running } from './start';

const log = logger('runtime');
const DRAIN_MS = 8 * SECOND;

/**
 * Starts a web replica (`ROLE=web`): it stores nothing, reads history from InfluxDB, and gets live state from the
 * collectors. Throws `StoreUnavailable` when InfluxDB cannot be used.
 */
export async function startReplica(config: Config): Promise<Running> {
  if (!config.influx) throw new ConfigError('INFLUX_URL: must be set, since ROLE is web');
  await mkdir(config.dataDir, { recursive: true });
  setUpLog({ ...config.log, folder: config.log.folder ?? path.join(config.dataDir, 'logs') });
  const influx = new Influx(config.influx);
  const watch = await watchInflux(influx, config, false);
  const feed = new Feed();
  const { token } = config.cluster;
  const collectors = new WatchCollectors({
    registry: new InfluxCollectorRegistry(influx),
    credential: token === null ? null : (url) => replicaCredential(token, url),
    publish: (event) => feed.publish(event),
  });
  const scheduler = new Scheduler([watch, collectors]);
  const engine = new InfluxQueryEngine(new InfluxHitSource(influx));
  const services = replicaServices({
    collectors,
    historiesOf: (only) => replicaHistories(influx, only ?? null, engine),
    instance: {
      startedAt: Date.now(),
      publicUrl: config.alerts.publicUrl,
      connectionIntervalMs: config.connectionIntervalMs,
      quotaPlan: config.quotaPlan,
      trafficBudget: config.trafficBudget,
      rawDays: config.retention.rawDays,
      timeZone: config.timeZone,
    },
    audit: new InfluxAudit(influx),
    storage: { influx: watch.health, bytes: async () => null },
    jobs: () => scheduler.states(),
    subscribe: (listener) => feed.subscribe(listener),
  });
  // Callers are identified here, where they connect: by Tailscale Serve's headers, a trusted proxy and whois, or a
  // token.
  const tailscale = await tailscaleOf(config, 'never');
  // A collector's answer about its tailscaled's device does not apply to the tailscaled of this machine, if there is
  // one.
  const tun = await tailscale.status().then(
    (own) => own.tun,
    () => true,
  );
  const gate = buildGate(config, tailscale, () => {
    const { status } = services.tailnet.view();
    return status && { ...status, tun };
  });
  // The first page already has the collectors that answer at once; the job reports why others do not.
  await collectors.run().catch(() => {});
  await scheduler.start();
  log.info(`started as a replica over ${config.influx.url}`);
  const stop = async () => {
    await scheduler.stop(DRAIN_MS);
    log.info('stopped');
    await closeLog();
  };
  return { services, gate, stop };
}
