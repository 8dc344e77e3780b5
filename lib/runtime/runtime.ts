import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createLineParser } from '../access-log/parse';
import { AwaitedTailscale } from '../collect/awaited-tailscale';
import { CollectAnalytics } from '../collect/collect-analytics';
import type { Collector } from '../collect/collector';
import { DemoTraffic } from '../collect/demo-traffic';
import { IdentifyVisitors } from '../collect/identify-visitors';
import { LogDoctor } from '../collect/log-doctor';
import { LogTailscaleStatus } from '../collect/log-tailscale-status';
import { MaintainStore } from '../collect/maintain-store';
import { Scheduler } from '../collect/scheduler';
import { TailnetWatch } from '../collect/tailnet-watch';
import { type Config, ConfigError } from '../config/config';
import { logger, setLogLevel } from '../log/log';
import { SqliteStore } from '../store/sqlite';
import type { Store } from '../store/store';
import { findTailscale } from '../tailscale/find';
import type { Tailscale } from '../tailscale/tailscale';
import { IngestThread } from './ingest-thread';

const log = logger('runtime');
/** How long a stop waits for work in hand. */
const DRAIN_MS = 8_000;

/** Everything a running instance has; made here and nowhere else. */
export type Runtime = {
  config: Config;
  startedAt: number;
  store: Store;
  tailscale: Tailscale;
  tailnet: TailnetWatch;
  /** The log that is followed: the configured one, or the demo's. */
  accessLog: Config['accessLog'];
  ingest: IngestThread;
  doctor: LogDoctor;
  scheduler: Scheduler;
  /** Finishes what is in hand and lets go of everything. */
  stop(): Promise<void>;
};

/** Builds and starts an instance. Throws what keeps it from running; then nothing is left running. */
export async function startRuntime(config: Config): Promise<Runtime> {
  setLogLevel(config.logLevel);
  try {
    createLineParser({ format: config.accessLog.format });
  } catch (error) {
    throw new ConfigError(`ACCESS_LOG_FORMAT: ${error instanceof Error ? error.message : error}`);
  }
  const { socket, proxyUrl, cli, demo } = config.tailscale;
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
  const demoLog = path.join(folder, 'access.log');
  const accessLog = isDemo
    ? { ...config.accessLog, pattern: demoLog, format: undefined, backfill: true }
    : config.accessLog;
  const database = path.join(folder, 'observatory.sqlite');

  const store = await SqliteStore.open(database);
  const ingest = new IngestThread(config.workerFile, {
    database,
    ingest:
      accessLog.pattern === null
        ? null
        : { pattern: accessLog.pattern, format: accessLog.format, backfill: accessLog.backfill },
    retention: config.retention,
  });
  try {
    await ingest.start();
  } catch (error) {
    await store.close();
    throw error;
  }
  const tailnet = new TailnetWatch(tailscale, store);
  await tailnet.restore();
  const collectors: Collector[] = [
    tailnet,
    new CollectAnalytics(config.collectSchedule, ingest),
    new IdentifyVisitors(tailscale, store),
    new LogTailscaleStatus(tailnet, store, config.quotaPlan),
    new MaintainStore(ingest),
  ];
  if (isDemo) collectors.unshift(new DemoTraffic(demoLog));
  const scheduler = new Scheduler(collectors);
  await scheduler.start();
  log.info(`started on ${tailscale.source} (${tailscale.location})`, {
    database,
    access_log: accessLog.pattern,
  });
  const stop = async () => {
    await scheduler.stop(DRAIN_MS);
    await ingest.close();
    await tailnet.save().catch(() => {});
    await store.close();
    log.info('stopped; everything read is stored');
  };
  return {
    config,
    startedAt: Date.now(),
    store,
    tailscale,
    tailnet,
    accessLog,
    ingest,
    doctor: new LogDoctor(accessLog, ingest),
    scheduler,
    stop,
  };
}
