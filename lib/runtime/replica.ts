import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Collector } from '../collect/collector';
import { Feed } from '../collect/feed';
import { Scheduler } from '../collect/scheduler';
import { WatchCollectors } from '../collect/watch-collectors';
import { type Config, ConfigError } from '../config/config';
import { closeLog, logger, setUpLog } from '../log/log';
import { LatencyNormals } from '../models/latency-normals';
import type { Services } from '../services';
import { InfluxAudit } from '../store/influx/audit';
import { InfluxBoard } from '../store/influx/board';
import { Influx } from '../store/influx/client';
import { ReplicaStore } from '../store/influx/replica-store';
import { SECOND } from '../util/time';
import { buildGate } from './build/http';
import { noSuchCollector } from './build/services';
import { tailscaleOf } from './build/source';
import { watchInflux } from './build/storage';
import { Remote } from './remote';
import type { Running } from './start';

const log = logger('runtime');
const DRAIN_MS = 8 * SECOND;

/**
 * Starts a web replica (`ROLE=web`): it keeps nothing, reads everything from InfluxDB, and asks the collectors to do what
 * only they can. Throws `StoreUnavailable` when the InfluxDB will not do.
 */
export async function startReplica(config: Config): Promise<Running> {
  if (!config.influx) throw new ConfigError('INFLUX_URL: must be set, since ROLE is web');
  await mkdir(config.dataDir, { recursive: true });
  setUpLog({ ...config.log, folder: config.log.folder ?? path.join(config.dataDir, 'logs') });
  const influx = new Influx(config.influx);
  const watch = await watchInflux(influx, config, false);
  const board = new InfluxBoard(influx);
  const everything = new ReplicaStore(influx);
  const feed = new Feed();
  const collectors = new WatchCollectors(board, everything.histories(), feed);
  const jobs: Collector[] = [watch, collectors];
  const scheduler = new Scheduler(jobs);
  const startedAt = Date.now();
  // Who asks is found out here, where they ask: from Tailscale Serve's headers, a trusted proxy and whois, or a token.
  const tailscale = await tailscaleOf(config, 'never');
  const everyone = new Remote(collectors, board, undefined);
  // What collectors say of their tailscaled's device does not hold for the one that is beside us, if there is one.
  const tun = await tailscale.status().then(
    (own) => own.tun,
    () => true,
  );
  const status = () => {
    const { status: shared } = everyone.tailnet.view();
    return shared && { ...shared, tun };
  };
  const gate = buildGate(config, tailscale, status);
  const audit = new InfluxAudit(influx);
  const stop = async () => {
    await scheduler.stop(DRAIN_MS);
    log.info('stopped');
    await closeLog();
  };
  const made = new Map<string | undefined, Services>();
  const forCollector = (collector: string | undefined): Services => {
    if (collector !== undefined && !collectors.views.has(collector)) {
      throw noSuchCollector(collector);
    }
    const before = made.get(collector);
    if (before) return before;
    const remote = new Remote(collectors, board, collector);
    const histories = everything.of(collector ?? null).histories();
    const baselines = new LatencyNormals(histories.connections);
    const services: Services = {
      get instance() {
        const view = remote.current();
        return {
          startedAt,
          publicUrl: config.alerts.publicUrl,
          connectionIntervalMs: view?.connectionIntervalMs ?? config.connectionIntervalMs,
          quotaPlan: view?.quotaPlan ?? config.quotaPlan,
        };
      },
      histories,
      tailnet: remote.tailnet,
      get accessLog() {
        return remote.accessLog;
      },
      get connections() {
        return { ...remote.connections, baseline: (nodeId: string) => baselines.of(nodeId) };
      },
      alerts: remote.alerts,
      get models() {
        return remote.models;
      },
      audit,
      storage: { influx: watch.health, bytes: async () => null },
      jobs: () => [...scheduler.states(), ...remote.jobs()],
      subscribe: (listener) => feed.subscribe(listener),
      collectors: () => [...collectors.views].map(([name, { at }]) => ({ name, lastSeen: at })),
      forCollector,
    };
    made.set(collector, services);
    return services;
  };
  // The gate knows the names of devices by what collectors publish.
  await collectors.run().catch(() => {});
  await scheduler.start();
  log.info(`started as a replica over ${config.influx.url}`);
  return { services: forCollector(undefined), gate, stop };
}
