import { CLIENT_KINDS } from '../../domain/access';
import { CONNECTION_TYPES, type Connection } from '../../domain/connection';
import { PATHS } from '../../domain/device';
import { EVENT_KINDS, type StoredEvent } from '../../domain/event';
import { hitAt, unpackHits } from '../../rollup/hit-block';
import { FINEST } from '../../rollup/resolutions';
import { type PackedCells, unpackCells } from '../../rollup/roll-up';
import { StoreUnavailable } from '../ports/store-unavailable';
import { type Database, openDatabase, transaction } from '../sqlite/driver';
import { openSqliteStores } from '../sqlite/stores';
import type { InfluxCollectorStores } from './collector-stores';
import { eventLine, healthLine, latencyLine, roundLine } from './connection-points';
import { digest } from './lines';
import { Spool, type SpooledHit } from './spool';

/** What hits lie in is sent, not copied; what the spool has is its own. */
const NOT_COPIED = /^(hit_blocks|rollups|spool|spool_rejected|file_keys|to_sum|sqlite_.*)$/;
const ROWS = 2_000;
const HITS_A_ROW = 4_000;
/** More than this is not taken into the spool before some of it has been sent. */
const MOST_WAITING = 200_000;

export type MigrationProgress = (done: number, of: number) => void;

/**
 * Takes over what an SQLite store holds into the collector's store beside it, from where it goes to InfluxDB as if it had
 * just been collected. An hour at a time, each in a transaction with a note of it: cut off anywhere, the next call goes on
 * from there. Throws `StoreUnavailable`.
 */
export async function migrateIn(
  sqliteFile: string,
  collectorFile: string,
  store: InfluxCollectorStores,
  collector: string,
  rawDays: number,
  progress: MigrationProgress,
): Promise<{ hits: number }> {
  // Brings an older database up to this program's schema.
  await (await openSqliteStores(sqliteFile)).close();
  const db = await openDatabase(collectorFile);
  try {
    db.prepare('ATTACH DATABASE ? AS old').run(sqliteFile);
    if (!noted(db, 'migrated_tables')) copyTables(db, collectorFile);
    await sendTables(db, collectorFile, store, collector);
    return await sendHours(db, collectorFile, store, rawDays, progress);
  } finally {
    db.close();
  }
}

function noted(db: Database, key: string): string | null {
  const row = db.prepare('SELECT value FROM state WHERE key = ?').get(key);
  return row ? String(row.value) : null;
}

function note(db: Database, key: string, value: string | number): void {
  db.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)').run(key, String(value));
}

function copyTables(db: Database, file: string): void {
  transaction(db, file, () => {
    if (Number(db.prepare('SELECT COUNT(*) AS n FROM files').get()?.n) > 0) {
      throw new StoreUnavailable(
        'failed',
        `${file} has been collecting already: what it has and what is to be migrated cannot be told apart. Move it away, and its hits out of InfluxDB, to migrate first`,
      );
    }
    const tables = db
      .prepare(`SELECT name FROM old.sqlite_master WHERE type = 'table'`)
      .all()
      .map(({ name }) => String(name));
    for (const name of tables) {
      if (NOT_COPIED.test(name)) continue;
      db.exec(`INSERT OR REPLACE INTO main."${name}" SELECT * FROM old."${name}"`);
    }
    note(db, 'migrated_tables', 'yes');
  });
}

/** Sends rounds, sums of rounds, paths and events. */
async function sendTables(
  db: Database,
  file: string,
  store: InfluxCollectorStores,
  collector: string,
): Promise<void> {
  // On our own connection: what is spooled and the note of it are one transaction.
  const spool = new Spool(db);
  const hostnames = new Map(
    db
      .prepare('SELECT node_id, MAX(hostname) AS hostname FROM connection_rollups GROUP BY node_id')
      .all()
      .map(({ node_id, hostname }) => [String(node_id), String(hostname)]),
  );
  const kinds = [
    ['connections', 'raw', (row: Row) => roundLine(connectionOf(row), collector)],
    ['connection_rollups', 'rollups', (row: Row) => latencyLine(row, collector)],
    [
      'path_spans',
      'rollups',
      (row: Row) => {
        const span = spanOf(row);
        return healthLine(span, hostnames.get(span.nodeId) ?? span.nodeId, collector);
      },
    ],
    ['events', 'rollups', (row: Row) => eventLine(eventOf(row), collector)],
  ] as const;
  for (const [table, bucket, lineOf] of kinds) {
    for (let more = true; more; ) {
      const key = `migrated_${table}`;
      const done = Number(noted(db, key) ?? 0);
      const rows = db.prepare(`SELECT * FROM ${table} LIMIT ? OFFSET ?`).all(ROWS, done);
      transaction(db, file, () => {
        spool.addLines(bucket, rows.map(lineOf), Date.now());
        note(db, key, done + rows.length);
      });
      await roomIn(store);
      more = rows.length === ROWS;
    }
  }
}

async function sendHours(
  db: Database,
  file: string,
  store: InfluxCollectorStores,
  rawDays: number,
  progress: MigrationProgress,
): Promise<{ hits: number }> {
  const spool = new Spool(db);
  const hours = db
    .prepare('SELECT start FROM old.rollups WHERE step = ? AND start > ? ORDER BY start')
    .all(FINEST, Number(noted(db, 'migrated_hour') ?? -1));
  const read = db.prepare('SELECT cells, details FROM old.rollups WHERE step = ? AND start = ?');
  const all = Number(
    db.prepare('SELECT COUNT(*) AS n FROM old.rollups WHERE step = ?').get(FINEST)?.n,
  );
  const oldest = Date.now() - rawDays * 24 * 3_600_000;
  let done = Number(noted(db, 'migrated_hours') ?? 0);
  let hits = Number(noted(db, 'migrated_hits') ?? 0);
  for (const hour of hours) {
    const start = Number(hour.start);
    const row = read.get(FINEST, start) as unknown as PackedCells;
    const counted = hitsIn(row.cells);
    transaction(db, file, () => {
      const single = start > oldest ? singleHits(db, spool, start) : [];
      if (single.length === counted) {
        for (let i = 0; i < single.length; i += HITS_A_ROW) {
          spool.addHits(single.slice(i, i + HITS_A_ROW), Date.now());
        }
      } else {
        // Of an hour whose single hits are gone, or some of them, the counts are what there is.
        const { cells, details } = row;
        db.prepare(
          'INSERT OR REPLACE INTO main.rollups (step, start, cells, details) VALUES (?, ?, ?, ?)',
        ).run(FINEST, start, cells, details);
        spool.addPast(start, Date.now());
      }
      done++;
      hits += counted;
      note(db, 'migrated_hour', start);
      note(db, 'migrated_hours', done);
      note(db, 'migrated_hits', hits);
    });
    progress(done, all);
    await roomIn(store);
  }
  return { hits };
}

/** Lets the sender catch up when too much waits. Throws `StoreUnavailable` when the server fails. */
async function roomIn(store: InfluxCollectorStores): Promise<void> {
  if (store.sender.spool.state().points < MOST_WAITING) return;
  await sendAll(store);
}

/** Sends all that waits. Throws `StoreUnavailable` when the server fails. */
export async function sendAll(store: InfluxCollectorStores): Promise<void> {
  while (!(await store.sender.drain(undefined, false))) {
    const { error } = store.sender.state();
    if (error !== null) throw new StoreUnavailable('failed', error);
  }
}

function hitsIn(packed: Uint8Array): number {
  const { n, cells } = unpackCells(packed);
  let hits = 0;
  for (let i = 0; i < n; i++) hits += cells.hits[i] ?? 0;
  return hits;
}

function singleHits(db: Database, spool: Spool, hour: number): SpooledHit[] {
  const endpoint = db.prepare('SELECT name FROM endpoints WHERE id = ?');
  const head = db.prepare('SELECT head FROM files WHERE id = ?');
  const hits: SpooledHit[] = [];
  for (const row of db.prepare('SELECT hits FROM old.hit_blocks WHERE hour = ?').all(hour)) {
    const block = unpackHits(row.hits as Uint8Array);
    for (let i = 0; i < block.n; i++) {
      const hit = hitAt(block, i, hour);
      const { file, offset } = hit.place;
      const second = Math.floor(hit.time / 1_000);
      hits.push([
        second,
        hit.time - second * 1_000,
        spool.fileKey(file, String(head.get(file)?.head ?? ''), digest),
        file,
        offset,
        block.columns.visitor[i] ?? 0,
        hit.ip,
        String(endpoint.get(block.columns.endpoint[i] ?? 0)?.name ?? ''),
        hit.method,
        hit.path,
        hit.status ?? 0,
        hit.responseMs ?? -1,
        hit.bytes ?? -1,
        CLIENT_KINDS.indexOf(hit.client),
      ]);
    }
  }
  return hits;
}

type Row = Record<string, unknown>;
const numberOrNull = (value: unknown) => (value === null ? null : Number(value));
const textOrNull = (value: unknown) => (value === null ? null : String(value));

function connectionOf(row: Row): Connection {
  return {
    time: Number(row.time),
    nodeId: String(row.node_id),
    hostname: String(row.hostname),
    connectionType: CONNECTION_TYPES.find((type) => type === row.connection_type) ?? 'unknown',
    relayNode: String(row.relay_node),
    endpoint: textOrNull(row.endpoint),
    latencyAvg: numberOrNull(row.latency_avg),
    latencyMin: numberOrNull(row.latency_min),
    latencyMax: numberOrNull(row.latency_max),
    jitter: numberOrNull(row.jitter),
    sent: Number(row.sent),
    received: Number(row.received),
    txBytes: Number(row.tx_bytes),
    rxBytes: Number(row.rx_bytes),
  };
}

const spanOf = (row: Row) => ({
  nodeId: String(row.node_id),
  from: Number(row.start),
  to: Number(row.end),
  path: PATHS.find((path) => path === row.path) ?? ('offline' as const),
});

const eventOf = (row: Row): StoredEvent => ({
  id: Number(row.id),
  time: Number(row.time),
  kind: EVENT_KINDS.find((kind) => kind === row.kind) ?? 'tailscaled_health',
  nodeId: textOrNull(row.node_id),
  hostname: textOrNull(row.hostname),
  before: textOrNull(row.before),
  after: textOrNull(row.after),
});
