import path from 'node:path';
import { WatchInflux } from '../collect/watch-influx';
import type { Config } from '../config/config';
import { logger } from '../log/log';
import { Influx } from '../store/influx/client';
import { openInfluxStores } from '../store/influx/collector-stores';
import { setUp } from '../store/influx/setup';
import { StoreUnavailable } from '../store/ports/store-unavailable';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';

const log = logger('store');

/**
 * Opens the store of a process that collects. An InfluxDB that does not answer now is no reason not to start: what is
 * collected waits for it. One that will not do throws `StoreUnavailable`.
 */
export async function openStore(
  config: Config,
  folder: string,
  settings: Config['influx'],
): Promise<{ store: Stores; database: string; influx: WatchInflux | null }> {
  if (!settings) {
    const database = path.join(folder, 'observatory.sqlite');
    return { store: await openSqliteStores(database), database, influx: null };
  }
  // Not the database of the SQLite store: what is in that one stays there until it is migrated.
  const database = path.join(folder, 'collector.sqlite');
  const influx = new Influx(settings);
  const watch = await watchInflux(influx, config, true);
  const { collectorName, retention } = config;
  const store = await openInfluxStores(database, influx, collectorName, retention);
  return { store, database, influx: watch };
}

/** Sets InfluxDB up if it answers. Throws `StoreUnavailable` when it will not do. */
export async function watchInflux(
  influx: Influx,
  config: Config,
  writes: boolean,
): Promise<WatchInflux> {
  const watch = new WatchInflux({
    async setUp() {
      const { version, made, advice } = await setUp(influx, config.retention, writes);
      if (made.length > 0) log.info(`InfluxDB set up: ${made.join(', ')}`);
      for (const line of advice) log.warn(line);
      return { version, advice };
    },
    series: () => influx.series(),
  });
  try {
    await watch.setUp();
  } catch (error) {
    if (!(error instanceof StoreUnavailable) || error.reason !== 'busy') throw error;
    log.warn(`${error.message}; starting all the same: what is collected waits on disk`);
  }
  return watch;
}
