import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AwaitedTailscale } from '../collect/awaited-tailscale';
import type { Collector } from '../collect/collector';
import { Feed } from '../collect/feed';
import { Scheduler } from '../collect/scheduler';
import { WatchCollectors } from '../collect/watch-collectors';
import { type Config, ConfigError } from '../config/config';
import { InvalidInput } from '../domain/errors';
import { Gate } from '../identity/gate';
import { Identifier } from '../identity/identifier';
import { Tokens } from '../identity/tokens';
import { closeLog, logger, setUpLog } from '../log/log';
import { LatencyNormals } from '../models/latency-normals';
import { InfluxAudit } from '../store/influx/audit';
import { InfluxBoard } from '../store/influx/board';
import { Influx } from '../store/influx/client';
import { ReplicaStore } from '../store/influx/replica-store';
import { findTailscale } from '../tailscale/find';
import type { Tailscale } from '../tailscale/tailscale';
import { watchInflux } from './open-store';
import { Remote } from './remote';
import type { Runtime } from './runtime';

const log = logger('runtime');
const DRAIN_MS = 8_000;

/**
 * Starts a web replica (`ROLE=web`): it keeps nothing, reads everything from InfluxDB, and asks the collectors to do what
 * only they can. Throws `StoreUnavailable` when the InfluxDB will not do.
 */
export async function startReplica(config: Config): Promise<Runtime> {
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
  const tailscale = await localTailscale(config);
  const tokens = new Tokens(path.join(config.dataDir, 'tokens.json'), config.access.tokens);
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
  const identifier = new Identifier(config.access, tailscale, status, tokens);
  const gate = new Gate(config.access, identifier, status);
  const audit = new InfluxAudit(influx);
  const stop = async () => {
    await scheduler.stop(DRAIN_MS);
    log.info('stopped');
    await closeLog();
  };
  const made = new Map<string | undefined, Runtime>();
  const as = (collector: string | undefined): Runtime => {
    if (collector !== undefined && !collectors.views.has(collector)) {
      const message = `there is no collector ${JSON.stringify(collector)}`;
      throw new InvalidInput({ parameter: 'collector', message });
    }
    const known = made.get(collector);
    if (known) return known;
    const remote = new Remote(collectors, board, collector);
    const store = {
      ...everything.of(collector ?? null).histories(),
      rejectedLines: { rejected: () => remote.rejected() },
    };
    const running: Runtime = {
      get config() {
        const view = remote.current();
        if (!view) return config;
        const { connectionIntervalMs, quotaPlan } = view;
        return { ...config, connectionIntervalMs, quotaPlan };
      },
      startedAt,
      store,
      storeBytes: async () => null,
      tailscale: remote.tailscale,
      tailnet: remote.tailnet,
      get accessLog() {
        return remote.accessLog;
      },
      get ingest() {
        return remote.ingest;
      },
      doctor: remote.doctor,
      get connections() {
        return remote.connections;
      },
      pings: remote.pings,
      transitions: remote.transitions,
      get network() {
        return remote.network;
      },
      feed,
      alerts: remote.alerts,
      get outboxes() {
        return remote.outboxes;
      },
      scheduler: {
        states: () => [...scheduler.states(), ...remote.jobs()],
        runNow: (name) => remote.runNow(name),
      },
      audit,
      gate,
      get models() {
        return remote.models;
      },
      normals: new LatencyNormals(store.connections),
      influx: watch.health,
      collectors: () => [...collectors.views].map(([name, { at }]) => ({ name, lastSeen: at })),
      as,
      stop,
    };
    made.set(collector, running);
    return running;
  };
  await scheduler.start();
  log.info(`started as a replica over ${config.influx.url}`);
  return as(undefined);
}

/** The tailscaled beside the replica, if there is one; it is asked who visitors are and nothing else. */
async function localTailscale({ tailscale, searchPath }: Config): Promise<Tailscale> {
  const { socket, proxyUrl, cli } = tailscale;
  const { platform } = process;
  const find = () => findTailscale({ socket, proxyUrl, cli, demo: 'never', searchPath, platform });
  return (await find()) ?? new AwaitedTailscale(find);
}
