import path from 'node:path';
import { WatchInflux } from '../../collect/watch-influx';
import type { Config } from '../../config/config';
import { TimeZone } from '../../domain/time-zone';
import { logger } from '../../log/log';
import { Periods } from '../../rollup/periods';
import type { Influx } from '../../store/influx/client';
import { StoreUnavailable } from '../../store/ports/store-unavailable';
import type { Stores } from '../../store/ports/stores';
import { openSqliteStores } from '../../store/sqlite/stores';
import { IngestThread } from '../ingest-thread';
import type { Source } from './source';

const log = logger('store');

/** Everything a collector stores, and the thread that fills it. */
export type Storage = {
  stores: Stores;
  ingest: IngestThread;
  /** The database file. */
  database: string;
  /** `null`: everything is in the database. */
  influx: { client: Influx; watch: WatchInflux } | null;
  close(): Promise<void>;
};

/**
 * Opens the store of a process that collects and starts its ingest thread. An InfluxDB that does not answer does not
 * prevent the start: collected data waits for it. Throws `StoreUnavailable` when a store cannot be used.
 */
export async function openStorage(config: Config, source: Source): Promise<Storage> {
  const settings = source.isDemo ? null : config.influx;
  // Not the SQLite store's own database, whose data stays there until it is migrated.
  const name = settings ? 'collector.sqlite' : 'observatory.sqlite';
  const database = path.join(source.folder, name);
  if (source.isDemo) await makeDemo(source, database, config.timeZone);
  const client = settings && new (await import('../../store/influx/client')).Influx(settings);
  const watch = client && (await watchInflux(client, config, true));
  const stores = await openStores(config, database, client);
  const ingest = ingestThread(config, source, database);
  try {
    await ingest.start();
  } catch (error) {
    await stores.close();
    throw error;
  }
  const close = async () => {
    await ingest.close();
    await stores.close();
  };
  const influx = client && watch && { client, watch };
  return { stores, ingest, database, influx, close };
}

/** Opens a collector's database, and the stores on it, in an InfluxDB where there is one. Throws `StoreUnavailable`. */
export async function openStores(
  { collectorName, retention, timeZone }: Config,
  database: string,
  influx: Influx | null,
): Promise<Stores> {
  const periods = new Periods(new TimeZone(timeZone));
  if (!influx) return openSqliteStores(database, periods);
  const { openInfluxStores } = await import('../../store/influx/collector-stores');
  return openInfluxStores(database, influx, collectorName, retention, periods);
}

/** A new demo begins with a history, so that there is something to see on every page. */
async function makeDemo(
  { folder, accessLog, logs }: Source,
  database: string,
  timeZone: string,
): Promise<void> {
  const began = performance.now();
  const { pattern } = accessLog;
  if (pattern === null) return;
  const { makeDemoHistory } = await import('../../demo/history');
  if (!(await makeDemoHistory({ database, accessLog: pattern, logs, timeZone }))) return;
  log.info(`made a history for the demo in ${Math.round(performance.now() - began)} ms`, {
    folder,
  });
}

function ingestThread(config: Config, { accessLog, isDemo }: Source, database: string) {
  const { pattern, format, backfill } = accessLog;
  const settings = isDemo ? null : config.influx;
  return new IngestThread(config.workerFile, {
    database,
    ingest: pattern === null ? null : { pattern, format, backfill },
    retention: config.retention,
    timeZone: config.timeZone,
    influx: settings && { settings, collector: config.collectorName },
  });
}

/** Sets up InfluxDB if it answers. Throws `StoreUnavailable` when it cannot be used. */
export async function watchInflux(
  influx: Influx,
  config: Config,
  writes: boolean,
): Promise<WatchInflux> {
  const { setUp } = await import('../../store/influx/setup');
  const watch = new WatchInflux({
    async setUp() {
      const { version, made, advice } = await setUp(influx, config.retention, writes);
      if (made.length > 0) log.info(`InfluxDB set up: ${made.join(', ')}`);
      for (const line of advice) log.warn(line.text);
      return { version, advice };
    },
    series: () => influx.series(),
  });
  try {
    await watch.setUp();
  } catch (error) {
    if (!(error instanceof StoreUnavailable) || error.reason !== 'busy') throw error;
    log.warn(`${error.message}; starting anyway: what is collected waits on disk`);
  }
  return watch;
}
