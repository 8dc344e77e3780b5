import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createLineParser } from '../access-log/parse';
import { notifiersFor } from '../alerts/channels';
import { AlertEngine } from '../alerts/engine';
import { DEFAULT_THRESHOLDS } from '../alerts/facts';
import { Outbox } from '../alerts/outbox';
import { AwaitedTailscale } from '../collect/awaited-tailscale';
import { CollectAnalytics } from '../collect/collect-analytics';
import type { Collector } from '../collect/collector';
import { ConnectionMetrics } from '../collect/connection-metrics';
import { DeliverAlerts } from '../collect/deliver-alerts';
import { DemoTraffic } from '../collect/demo-traffic';
import { EvaluateAlerts } from '../collect/evaluate-alerts';
import { Feed } from '../collect/feed';
import { FulfilWishes } from '../collect/fulfil-wishes';
import { IdentifyVisitors } from '../collect/identify-visitors';
import { LogDoctor } from '../collect/log-doctor';
import { LogTailscaleStatus } from '../collect/log-tailscale-status';
import { MaintainStore } from '../collect/maintain-store';
import { MeasureForecast } from '../collect/measure-forecast';
import { CheckNetwork } from '../collect/netcheck';
import { OnDemandPings } from '../collect/on-demand-pings';
import { PublishView } from '../collect/publish-view';
import type { PublishedView } from '../collect/published-view';
import { Scheduler } from '../collect/scheduler';
import { TailnetWatch } from '../collect/tailnet-watch';
import { WatchTransitions } from '../collect/watch-transitions';
import { WriteModelCsv } from '../collect/write-model-csv';
import { type Config, ConfigError } from '../config/config';
import { InvalidInput } from '../domain/errors';
import type { InfluxHealth } from '../domain/influx-health';
import { Gate } from '../identity/gate';
import { Identifier } from '../identity/identifier';
import { Tokens } from '../identity/tokens';
import { closeLog, logger, setUpLog } from '../log/log';
import { LatencyNormals } from '../models/latency-normals';
import { MetricsFile } from '../models/metrics-file';
import { ModelTracker } from '../models/tracker';
import { InfluxBoard } from '../store/influx/board';
import { Influx } from '../store/influx/client';
import type { AuditStore } from '../store/ports/audit';
import type { Histories, Stores } from '../store/ports/stores';
import { SqliteAlerts } from '../store/sqlite/alerts';
import { SqliteAudit } from '../store/sqlite/audit';
import { SqliteModels } from '../store/sqlite/models';
import { findTailscale } from '../tailscale/find';
import type { Tailscale } from '../tailscale/tailscale';
import { IngestThread } from './ingest-thread';
import { openStore } from './open-store';
import { startReplica } from './replica';
import { viewOf } from './view';

const log = logger('runtime');
/** How long a stop waits for work in hand. */
const DRAIN_MS = 8_000;

/** Everything a running instance has; made here and nowhere else. */
export type Runtime = {
  config: Config;
  startedAt: number;
  store: Histories & Pick<Stores, 'rejectedLines'>;
  /** Bytes on disk; `null`: the store is not on a disk of ours. */
  storeBytes(): Promise<number | null>;
  tailscale: Pick<Tailscale, 'whois' | 'source' | 'location'>;
  tailnet: Pick<TailnetWatch, 'view'>;
  /** The log that is followed: the configured one, or the demo's. */
  accessLog: Pick<Config['accessLog'], 'pattern' | 'countNonTailnet'>;
  ingest: Pick<IngestThread, 'state' | 'storeError' | 'sender'>;
  doctor: Pick<LogDoctor, 'findings'>;
  connections: Pick<ConnectionMetrics, 'last' | 'critical'>;
  pings: Pick<OnDemandPings, 'round'>;
  transitions: Pick<WatchTransitions, 'pathOf' | 'isOnline'>;
  network: Pick<CheckNetwork, 'name' | 'last' | 'error'>;
  feed: Feed;
  audit: AuditStore;
  models: Pick<ModelTracker, 'states' | 'history' | 'record'> & {
    file: Pick<MetricsFile, 'file' | 'notice'>;
  };
  normals: LatencyNormals;
  gate: Gate;
  alerts: Pick<AlertEngine, 'open' | 'history' | 'mutes' | 'acknowledge' | 'mute' | 'unmute'>;
  outboxes: Pick<Outbox, 'channel' | 'state' | 'sendTest'>[];
  scheduler: Pick<Scheduler, 'states' | 'runNow'>;
  /** `null`: the store is SQLite. */
  influx: InfluxHealth | null;
  /** The collectors that fill the store, ours or those of others; when each was last heard of. */
  collectors(): { name: string; lastSeen: number }[];
  /** The same, as one collector sees it; `undefined`: all of them as one. Throws `InvalidInput` when there is none of that name. */
  as(collector: string | undefined): Runtime;
  /** Finishes what is in hand and lets go of everything. */
  stop(): Promise<void>;
};

/** Builds and starts an instance. Throws what keeps it from running; then nothing is left running. */
export async function startRuntime(config: Config): Promise<Runtime> {
  // To standard output alone until it is known where the files belong.
  setUpLog({ ...config.log, folder: null });
  try {
    createLineParser({ format: config.accessLog.format });
  } catch (error) {
    throw new ConfigError(`ACCESS_LOG_FORMAT: ${error instanceof Error ? error.message : error}`);
  }
  if (config.role === 'web') return startReplica(config);
  const { socket, proxyUrl, cli } = config.tailscale;
  // Whoever has set up an InfluxDB wants to see what is in it, not a simulation.
  const demo = config.influx && config.tailscale.demo === 'auto' ? 'never' : config.tailscale.demo;
  const find = () =>
    findTailscale({
      socket,
      proxyUrl,
      cli,
      demo,
      searchPath: config.searchPath,
      platform: process.platform,
    });
  const tailscale = (await find()) ?? new AwaitedTailscale(find);
  const isDemo = tailscale.source === 'demo';
  // The demo has a folder of its own: its data never touches real data.
  const folder = isDemo ? path.join(config.dataDir, 'demo') : config.dataDir;
  await mkdir(folder, { recursive: true });
  setUpLog({ ...config.log, folder: config.log.folder ?? path.join(folder, 'logs') });
  const demoLog = path.join(folder, 'access.log');
  const accessLog = isDemo
    ? { ...config.accessLog, pattern: demoLog, format: undefined, backfill: true }
    : config.accessLog;
  // Simulated hits must not reach a real InfluxDB.
  const settings = isDemo ? null : config.influx;
  const { store, database, influx } = await openStore(config, folder, settings);
  const ingest = new IngestThread(config.workerFile, {
    database,
    ingest:
      accessLog.pattern === null
        ? null
        : { pattern: accessLog.pattern, format: accessLog.format, backfill: accessLog.backfill },
    retention: config.retention,
    influx: settings && { settings, collector: config.collectorName },
  });
  try {
    await ingest.start();
  } catch (error) {
    await store.close();
    throw error;
  }
  const tailnet = new TailnetWatch(tailscale, store);
  await tailnet.restore();
  const connections = new ConnectionMetrics(
    everyInterval(config.connectionIntervalMs),
    tailscale,
    tailnet,
    store,
    config.criticalNodes,
  );
  await connections.restore();
  const feed = new Feed();
  const believedMs = config.connectionIntervalMs * 1.5 + 30_000;
  const transitions = new WatchTransitions(tailnet, connections, store, feed, believedMs);
  const network = new CheckNetwork(tailscale, store);
  await network.restore();
  const alertStore = await SqliteAlerts.open(database);
  const audit = await SqliteAudit.open(database);
  const modelStore = await SqliteModels.open(database);
  const models = new ModelTracker({
    store: modelStore,
    file: new MetricsFile(path.join(folder, 'models', 'metrics_history.csv'), modelStore),
    settings: config.modelLimits,
  });
  const normals = new LatencyNormals(store.connections);
  await models.restore();
  // Simulated trouble must not reach a real chat.
  const outboxes = (isDemo ? [] : notifiersFor(config.alerts)).map(
    (notifier) => new Outbox({ store: alertStore, notifier }),
  );
  const alerts = new AlertEngine({
    store: alertStore,
    channels: outboxes.map(({ channel }) => channel),
  });
  alerts.subscribe(({ alert }) => feed.publish({ alert }));
  const evaluate = new EvaluateAlerts(
    alerts,
    tailnet,
    connections,
    feed,
    () => scheduler.states(),
    config.quotaPlan,
    {
      ...DEFAULT_THRESHOLDS,
      offlineAfterMs: config.alerts.offlineAfterMs,
      byNode: config.alerts.byNode,
    },
    normals,
    models,
  );
  const pings = new OnDemandPings((device) => connections.ping(device));
  const collectors: Collector[] = [
    tailnet,
    new CollectAnalytics(config.collectSchedule, ingest),
    new IdentifyVisitors(tailscale, store),
    new LogTailscaleStatus(tailnet, store, config.quotaPlan),
    new MaintainStore(ingest, alerts, audit, config.retention.rollupDays),
    connections,
    transitions,
    network,
    new MeasureForecast(store, models),
    new WriteModelCsv(models, config.retention.rollupDays),
    evaluate,
    ...outboxes.map((outbox) => new DeliverAlerts(outbox)),
  ];
  if (isDemo) collectors.unshift(new DemoTraffic(demoLog));
  if (influx && settings) {
    const board = new InfluxBoard(new Influx(settings));
    const { collectorName } = config;
    const publish = (view: PublishedView) => board.publish(collectorName, 'view', view);
    const checkNetwork = () => scheduler.runNow(network.name);
    const powers = { alerts, outboxes, pings, tailnet, models, checkNetwork };
    collectors.push(influx, new PublishView(() => viewOf(running), publish));
    collectors.push(new FulfilWishes(board, collectorName, store, powers));
  }
  const scheduler = new Scheduler(collectors);
  const status = () => tailnet.view().status;
  const tokens = new Tokens(path.join(config.dataDir, 'tokens.json'), config.access.tokens);
  const identifier = new Identifier(config.access, tailscale, status, tokens);
  const stop = async () => {
    await scheduler.stop(DRAIN_MS);
    await ingest.close();
    await tailnet.save().catch(() => {});
    await alertStore.close();
    await audit.close();
    await modelStore.close();
    await store.close();
    log.info('stopped; everything read is stored');
    await closeLog();
  };
  const running: Runtime = {
    config,
    startedAt: Date.now(),
    store,
    storeBytes: () => store.maintenance.size(),
    tailscale,
    tailnet,
    accessLog,
    ingest,
    doctor: new LogDoctor(accessLog, ingest),
    connections,
    pings,
    transitions,
    network,
    feed,
    alerts,
    outboxes,
    audit,
    models,
    normals,
    scheduler,
    gate: new Gate(config.access, identifier, status),
    influx: influx?.health ?? null,
    collectors: () => [{ name: config.collectorName, lastSeen: Date.now() }],
    as(collector) {
      if (collector === undefined || collector === config.collectorName) return running;
      const message = `there is no collector ${JSON.stringify(collector)}`;
      throw new InvalidInput({ parameter: 'collector', message });
    },
    stop,
  };
  await scheduler.start();
  log.info(`started on ${tailscale.source} (${tailscale.location})`, {
    database,
    access_log: accessLog.pattern,
  });
  return running;
}

/** The cron expression of an interval that divides an hour (`CONNECTION_INTERVAL_SECONDS`). */
function everyInterval(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return `*/${ms / 1_000} * * * * *`;
  return minutes < 60 ? `0 */${minutes} * * * *` : '0 0 * * * *';
}
