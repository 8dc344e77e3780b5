import { flux } from '@influxdata/influxdb-client';
import { FINEST } from '../../rollup/resolutions';
import { CellTable, type PackedCells, unpackAll } from '../../rollup/roll-up';
import { StoreUnavailable } from '../ports/store-unavailable';
import type { Stores } from '../ports/stores';
import { type Database, transaction } from '../sqlite/driver';
import { openMigrated } from '../sqlite/schema';
import { openSqliteStores } from '../sqlite/stores';
import { Catalog, instant } from './catalog';
import type { Influx } from './client';
import { countedHour, readHits } from './hour';
import { documentOf } from './lines';
import type { MigrationProgress } from './migrate-in';
import { unpackRollUp } from './roll-up';

const NOT_COPIED = /^(hit_blocks|rollups|spool|spool_rejected|file_keys|to_sum|sqlite_.*)$/;
const DAY = 24 * 3_600_000;

/**
 * Writes what one collector has in InfluxDB into an SQLite store, beside what the collector's own database holds. An hour
 * at a time, each in a transaction with a note of it: cut off anywhere, the next call goes on from there. Throws
 * `StoreUnavailable`.
 */
export async function migrateOut(
  influx: Influx,
  collector: string,
  collectorFile: string,
  sqliteFile: string,
  progress: MigrationProgress,
): Promise<{ hits: number }> {
  const db = await openMigrated(sqliteFile);
  try {
    db.prepare('ATTACH DATABASE ? AS old').run(collectorFile);
    copyTables(db, sqliteFile);
    return await copyHours(db, sqliteFile, influx, collector, progress);
  } finally {
    db.close();
  }
}

/** A note of its own: what a migration into InfluxDB left in the states is another story. */
function noted(db: Database, key: string): string | null {
  const row = db.prepare('SELECT value FROM state WHERE key = ?').get(`out_${key}`);
  return row ? String(row.value) : null;
}

function note(db: Database, key: string, value: string | number): void {
  db.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)').run(`out_${key}`, String(value));
}

function copyTables(db: Database, file: string): void {
  if (noted(db, 'tables')) return;
  transaction(db, file, () => {
    if (Number(db.prepare('SELECT COUNT(*) AS n FROM files').get()?.n) > 0) {
      throw new StoreUnavailable(
        'failed',
        `${file} has hits already: move it away, and start again`,
      );
    }
    const tables = db.prepare(`SELECT name FROM main.sqlite_master WHERE type = 'table'`).all();
    for (const { name } of tables) {
      if (NOT_COPIED.test(String(name))) continue;
      db.exec(`INSERT OR REPLACE INTO main."${name}" SELECT * FROM old."${name}"`);
    }
    db.exec(`DELETE FROM state WHERE key LIKE 'migrated_%'`);
    note(db, 'tables', 'yes');
  });
}

async function copyHours(
  db: Database,
  file: string,
  influx: Influx,
  collector: string,
  progress: MigrationProgress,
): Promise<{ hits: number }> {
  const catalog = new Catalog(influx);
  const range = { from: 0, to: Date.now() + 366 * DAY };
  await catalog.refresh(range);
  const numbers = numbersOf(db);
  const last = Number(noted(db, 'hour') ?? -1);
  const hours = [...catalog.hoursIn(range)]
    .filter((hour) => catalog.parts(hour).some((part) => part.collector === collector))
    .sort((a, b) => a - b);
  let hits = Number(noted(db, 'hits') ?? 0);
  for (const [i, hour] of hours.entries()) {
    if (hour <= last) continue;
    const layers = catalog.parts(hour).filter((part) => part.collector === collector);
    const single = (await readHits(influx, hour, hour + FINEST)).filter(
      (hit) => hit.collector === collector,
    );
    const { blocks, cells, hits: unique } = countedHour(hour, single, numbers, (_, file) => file);
    const table = new CellTable();
    const counted = cells.get(collector);
    if (counted) table.merge(unpackAll(counted.pack()));
    for (const { layer } of layers) {
      // Hits that are gone from InfluxDB by now are in its roll-up of the hour.
      if (layer === 'raw' && unique.length > 0) continue;
      const packed = await rollUpOf(influx, collector, layer, hour);
      if (packed) table.merge(unpackRollUp(packed, collector, numbers).cells);
    }
    const { cells: packedCells, details }: PackedCells = table.pack();
    const all = unpackAll({ cells: packedCells, details });
    let n = 0;
    for (let row = 0; row < all.n; row++) n += all.cells.hits[row] ?? 0;
    transaction(db, file, () => {
      numbers.write();
      const addBlock = db.prepare('INSERT INTO hit_blocks (hour, n, hits) VALUES (?, ?, ?)');
      for (const block of blocks) {
        addBlock.run(hour, new DataView(block.buffer, block.byteOffset).getUint32(0, true), block);
      }
      db.prepare(
        'INSERT OR REPLACE INTO rollups (step, start, cells, details) VALUES (?, ?, ?, ?)',
      ).run(FINEST, hour, packedCells, details);
      hits += n;
      note(db, 'hour', hour);
      note(db, 'hits', hits);
    });
    progress(i + 1, hours.length);
  }
  return { hits };
}

async function rollUpOf(
  influx: Influx,
  collector: string,
  layer: string,
  hour: number,
): Promise<Buffer | null> {
  const fields = await influx.rows(
    flux`from(bucket: ${influx.bucket('rollups')})
      |> range(start: ${instant(hour)}, stop: ${instant(hour + 1)})
      |> filter(fn: (r) => r._measurement == "observatory_rollup" and r.step == ${String(FINEST)})
      |> filter(fn: (r) => r.collector == ${collector} and r.layer == ${layer} and r._field != "of")
      |> keep(columns: ["_field", "_value"])`,
    (get) => [get('_field'), get('_value')] as const,
  );
  return documentOf(new Map(fields));
}

/** The SQLite store's own numbers of visitors and endpoints; what it does not know yet is added by `write`. */
function numbersOf(db: Database) {
  const visitors = new Map<string, number>();
  const generations = new Map<string, number>();
  for (const row of db.prepare('SELECT id, ip, kind FROM visitors ORDER BY id').all()) {
    const address = row.kind === 'tailnet' ? String(row.ip) : String(row.kind);
    const generation = (generations.get(address) ?? 0) + 1;
    generations.set(address, generation);
    visitors.set(generation === 1 ? address : `${address}#${generation}`, Number(row.id));
  }
  const endpoints = new Map(
    db
      .prepare('SELECT id, name FROM endpoints')
      .all()
      .map(({ id, name }) => [String(name), Number(id)]),
  );
  const next = (map: Map<string, number>) => Math.max(0, ...map.values()) + 1;
  const added: (() => void)[] = [];
  return {
    visitor(_collector: string, key: string): number {
      const known = visitors.get(key);
      if (known !== undefined) return known;
      const id = next(visitors);
      visitors.set(key, id);
      added.push(() =>
        db
          .prepare(`INSERT INTO visitors (id, ip, kind, current) VALUES (?, ?, 'tailnet', 0)`)
          .run(id, key.split('#')[0] ?? key),
      );
      return id;
    },
    endpoint(name: string): number {
      const known = endpoints.get(name);
      if (known !== undefined) return known;
      const id = next(endpoints);
      endpoints.set(name, id);
      added.push(() => db.prepare('INSERT INTO endpoints VALUES (?, ?)').run(id, name));
      return id;
    },
    write(): void {
      for (const add of added.splice(0)) add();
    },
  };
}

/** Rolls up, and says whether an SQLite store counts so many hits. */
export async function finishOut(sqliteFile: string): Promise<Stores> {
  const store = await openSqliteStores(sqliteFile);
  while (await store.maintenance.rollUp(Date.now()));
  return store;
}
