import { flux } from '@influxdata/influxdb-client';
import { unpackHits } from '../../../rollup/hit-block';
import { HOURLY } from '../../../rollup/resolutions';
import { RollUpBuilder } from '../../../rollup/roll-up-builder';
import { DAY } from '../../../util/time';
import type { Stores } from '../../ports/stores';
import { type Database, transaction } from '../../sqlite/driver';
import { RollUpTable } from '../../sqlite/roll-up-table';
import { openMigrated } from '../../sqlite/schema';
import { openSqliteStores } from '../../sqlite/stores';
import { Catalog } from '../catalog';
import type { Influx } from '../client';
import { instant } from '../flux-parts';
import { decodeHour, readHits } from '../hit-decoder';
import { documentOf } from '../lines';
import type { HitLayer } from '../points';
import { decodeRollUp } from '../roll-up-codec';
import { copyTables } from './copy-tables';
import { SqliteNumbers } from './out-numbers';
import { type OnProgress, Progress } from './progress';

/**
 * Copies one collector's data from InfluxDB into an SQLite store, along with the data in the collector's own database.
 * Works an hour at a time, each in a transaction that also records the progress: wherever it is interrupted, the next
 * call continues from there. Throws `StoreUnavailable`.
 */
export async function migrateOut(
  influx: Influx,
  collector: string,
  collectorFile: string,
  sqliteFile: string,
  onProgress: OnProgress,
): Promise<{ hits: number }> {
  const db = await openMigrated(sqliteFile);
  try {
    db.prepare('ATTACH DATABASE ? AS old').run(collectorFile);
    const progress = new Progress(db, 'out_');
    copyOnce(db, sqliteFile, progress);
    return await copyHours(db, sqliteFile, influx, collector, progress, onProgress);
  } finally {
    db.close();
  }
}

function copyOnce(db: Database, file: string, progress: Progress): void {
  if (progress.get('tables')) return;
  transaction(db, file, () => {
    copyTables(db, 'main', `${file} has hits already: move it away, and start again`);
    db.exec(`DELETE FROM state WHERE key LIKE 'migrated_%'`);
    progress.note('tables', 'yes');
  });
}

async function copyHours(
  db: Database,
  file: string,
  influx: Influx,
  collector: string,
  progress: Progress,
  onProgress: OnProgress,
): Promise<{ hits: number }> {
  const catalog = new Catalog(influx);
  const range = { from: 0, to: Date.now() + 366 * DAY };
  await catalog.refresh(range);
  const inventory = catalog.inventory(collector);
  const numbers = new SqliteNumbers(db);
  const rollUps = new RollUpTable(db);
  const last = progress.number('hour', -1);
  const hours = [...new Set(inventory.hoursIn(range))].sort((a, b) => a - b);
  let hits = progress.number('hits', 0);
  for (const [i, hour] of hours.entries()) {
    if (hour <= last) continue;
    const layers = (['raw', 'past'] as const).filter(
      (layer) => inventory.seqOf(layer, hour) !== undefined,
    );
    const { blocks, sum } = await readHour(influx, collector, hour, layers, numbers);
    transaction(db, file, () => {
      numbers.write();
      const addBlock = db.prepare('INSERT INTO hit_blocks (hour, n, hits) VALUES (?, ?, ?)');
      for (const { n, block } of blocks) addBlock.run(hour, n, block);
      rollUps.write(HOURLY, hour, sum);
      hits += rollUps.hits(HOURLY, hour) ?? 0;
      progress.note('hour', hour);
      progress.note('hits', hits);
    });
    onProgress(i + 1, hours.length);
  }
  return { hits };
}

/** Reads the hits of an hour and their sum, including those that InfluxDB has only as a roll-up. */
async function readHour(
  influx: Influx,
  collector: string,
  hour: number,
  layers: readonly HitLayer[],
  numbers: SqliteNumbers,
) {
  const all = await readHits(influx, hour, hour + HOURLY);
  const own = all.filter((hit) => hit.collector === collector);
  const decoded = decodeHour(hour, own, numbers, (_, file) => file);
  const sum = decoded.rollUps.get(collector) ?? new RollUpBuilder();
  for (const layer of layers) {
    // Hits that InfluxDB has deleted meanwhile are in its roll-up of the hour.
    if (layer === 'raw' && decoded.hits.length > 0) continue;
    const packed = await readRollUp(influx, collector, layer, hour);
    if (packed) sum.merge(decodeRollUp(packed, collector, numbers).rollUp);
  }
  const blocks = decoded.blocks.map((block) => ({ n: unpackHits(block).n, block }));
  return { blocks, sum };
}

async function readRollUp(
  influx: Influx,
  collector: string,
  layer: HitLayer,
  hour: number,
): Promise<Buffer | null> {
  const fields = await influx.rows(
    flux`from(bucket: ${influx.bucket('rollups')})
      |> range(start: ${instant(hour)}, stop: ${instant(hour + 1)})
      |> filter(fn: (r) => r._measurement == "observatory_rollup" and r.step == ${String(HOURLY)})
      |> filter(fn: (r) => r.collector == ${collector} and r.layer == ${layer} and r._field != "of")
      |> keep(columns: ["_field", "_value"])`,
    (get) => [get('_field'), get('_value')] as const,
  );
  return documentOf(new Map(fields));
}

/** Makes the roll-ups, so that the SQLite store answers as fast as one that has collected the data. */
export async function finishOut(sqliteFile: string): Promise<Stores> {
  const stores = await openSqliteStores(sqliteFile);
  while (await stores.maintenance.rollUp(Date.now()));
  return stores;
}
