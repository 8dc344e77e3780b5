import type { TimeRange } from '../../domain/access';
import type { TimeZone } from '../../domain/time-zone';
import {
  type Bytes,
  type CountedByPath,
  type CountedSum,
  type LastCounters,
  type SeenCounters,
  TRAFFIC_PATHS,
  type TrafficPath,
  type TrafficSum,
  type TrafficTotal,
} from '../../domain/traffic';
import { spreadOver, type TrafficStep } from '../../domain/traffic-buckets';
import { DAY } from '../../util/time';
import type { TrafficChange, TrafficStore } from '../ports/traffic';
import type { Database } from './driver';
import type { SqliteFile } from './file';
import { textOrNull } from './values';

/** A device that has not been seen for this long has no counters that go on. */
const FORGET_MS = 90 * DAY;

/** Stores what travelled between devices, by hours and days. */
export class SqliteTraffic implements TrafficStore {
  constructor(
    private readonly file: SqliteFile,
    private readonly zone: TimeZone,
  ) {}

  async addTraffic(change: TrafficChange): Promise<void> {
    this.file.write(() => writeTraffic(this.file.db, change, this.zone, false));
  }

  async lastCounters(): Promise<LastCounters | null> {
    return readCounters(this.file.db);
  }

  async trafficTotals(): Promise<TrafficTotal[]> {
    const rows = this.file.db.prepare('SELECT * FROM traffic_totals ORDER BY node_id, path').all();
    return rows.map((row) => ({
      nodeId: String(row.node_id),
      path: pathOf(row),
      ...bytesIn(row),
    }));
  }

  async trafficSums(
    step: TrafficStep,
    range: TimeRange,
    deviceIds: readonly string[] | null,
  ): Promise<TrafficSum[]> {
    const { db } = this.file;
    const ids = deviceIds?.map(() => '?').join(', ');
    const named = db
      .prepare(
        `SELECT * FROM traffic_keys WHERE ${ids === undefined ? "node_id <> ''" : `node_id IN (${ids})`}`,
      )
      .all(...(deviceIds ?? []));
    // Joined here: names read anew for each sum cost most of the time.
    const keys = new Map(named.map((row) => [Number(row.id), keyOf(row)]));
    const rows = db
      .prepare(
        `SELECT start, key, rx_bytes, tx_bytes FROM traffic WHERE step = ? AND start >= ? AND start < ?
           ORDER BY start, key`,
      )
      .all(step, range.from, range.to);
    const sums: TrafficSum[] = [];
    for (const { start, key, rx_bytes, tx_bytes } of rows) {
      const whose = keys.get(Number(key));
      if (!whose) continue;
      // Field by field: what is spread from several objects takes several times as long.
      sums.push({
        nodeId: whose.nodeId,
        hostname: whose.hostname,
        user: whose.user,
        userName: whose.userName,
        path: whose.path,
        region: whose.region,
        start: Number(start),
        rxBytes: Number(rx_bytes),
        txBytes: Number(tx_bytes),
      });
    }
    return sums;
  }

  async countedSums(step: TrafficStep, range: TimeRange): Promise<CountedSum[]> {
    const rows = this.file.db
      .prepare(
        `SELECT * FROM traffic JOIN traffic_keys ON id = key
           WHERE step = ? AND start >= ? AND start < ? AND node_id = '' ORDER BY start, id`,
      )
      .all(step, range.from, range.to);
    return rows.map(countedSumOf);
  }

  async trafficSince(): Promise<number | null> {
    const row = this.file.db
      .prepare(`SELECT MIN(start) AS start FROM traffic WHERE step = 'day'`)
      .get();
    return row?.start == null ? null : Number(row.start);
  }
}

/** A key of the table: what sums are told apart by. What tailscaled counted by itself is of no device. */
type Key = Pick<TrafficSum, 'nodeId' | 'hostname' | 'user' | 'userName' | 'path' | 'region'>;
const OF_TAILSCALED = { nodeId: '', hostname: '', user: '', userName: '', region: null };

/** Writes what a look found; use inside a transaction. `unsent`: rows that change are to be sent somewhere else. */
export function writeTraffic(
  db: Database,
  { traffic, counted, counters }: TrafficChange,
  zone: TimeZone,
  unsent: boolean,
): void {
  const add = adding(db, unsent);
  const spread = (key: Key, entry: Bytes & { from: number; to: number }) => {
    for (const { hour, day, ...bytes } of spreadOver(entry, zone)) {
      add('hour', hour, key, bytes);
      add('day', day, key, bytes);
    }
  };
  const total = db.prepare(
    `INSERT INTO traffic_totals VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
       rx_bytes = rx_bytes + excluded.rx_bytes, tx_bytes = tx_bytes + excluded.tx_bytes`,
  );
  for (const entry of traffic) {
    spread(entry, entry);
    total.run(entry.nodeId, entry.path, entry.rxBytes, entry.txBytes);
  }
  for (const entry of counted) spread({ ...OF_TAILSCALED, path: entry.path }, entry);
  const seen = db.prepare('INSERT OR REPLACE INTO traffic_counters VALUES (?, ?, ?, ?, ?)');
  for (const { nodeId, run, rxBytes, txBytes } of counters.devices) {
    seen.run(nodeId, counters.at, run, rxBytes, txBytes);
  }
  const { run = null, byPath = null } = counters.counted ?? {};
  db.prepare('INSERT OR REPLACE INTO traffic_look VALUES (1, ?, ?, ?)').run(
    counters.at,
    run,
    byPath && JSON.stringify(byPath),
  );
}

/** Writes sums, and what tailscaled counted in the same periods; use inside a transaction. */
export function writeTrafficSums(
  db: Database,
  step: TrafficStep,
  sums: readonly TrafficSum[],
  counted: readonly CountedSum[],
): void {
  const add = adding(db, false);
  for (const sum of sums) add(step, sum.start, sum, sum);
  for (const sum of counted) add(step, sum.start, { ...OF_TAILSCALED, path: sum.path }, sum);
}

/** Returns a function that adds bytes to a sum; for one transaction. */
function adding(db: Database, unsent: boolean) {
  const name = db.prepare('INSERT OR IGNORE INTO traffic_keys VALUES (NULL, ?, ?, ?, ?, ?, ?)');
  const find = db.prepare(
    `SELECT id FROM traffic_keys WHERE node_id = ? AND hostname = ? AND user = ? AND user_name = ? AND path = ?
       AND region = ?`,
  );
  const count = db.prepare(
    `INSERT INTO traffic VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
       rx_bytes = rx_bytes + excluded.rx_bytes, tx_bytes = tx_bytes + excluded.tx_bytes, unsent = excluded.unsent`,
  );
  // Known for this transaction: another connection may delete keys that nothing has used for long.
  const known = new Map<string, number>();
  const idOf = ({ nodeId, hostname, user, userName, path, region }: Key) => {
    const values = [nodeId, hostname, user, userName, path, region ?? ''];
    const text = values.join('\0');
    const before = known.get(text);
    if (before !== undefined) return before;
    name.run(...values);
    const id = Number(find.get(...values)?.id);
    known.set(text, id);
    return id;
  };
  return (step: TrafficStep, start: number, key: Key, { rxBytes, txBytes }: Bytes) => {
    count.run(step, start, idOf(key), rxBytes, txBytes, Number(unsent));
  };
}

function readCounters(db: Database): LastCounters | null {
  const look = db.prepare('SELECT * FROM traffic_look').get();
  if (!look) return null;
  const devices = new Map<string, SeenCounters>();
  for (const row of db.prepare('SELECT * FROM traffic_counters').all()) {
    const nodeId = String(row.node_id);
    const bytes = { rxBytes: Number(row.rx_bytes), txBytes: Number(row.tx_bytes) };
    devices.set(nodeId, { nodeId, run: textOrNull(row.run), ...bytes });
  }
  const byPath: CountedByPath | null =
    look.counted === null ? null : JSON.parse(String(look.counted));
  return {
    at: Number(look.at),
    devices,
    counted: byPath && { run: textOrNull(look.run), byPath },
  };
}

/** Converts a row of `traffic` with its key into sums. */
export function trafficSumOf(row: Record<string, unknown>): TrafficSum {
  return { ...keyOf(row), start: Number(row.start), ...bytesIn(row) };
}

const bytesIn = (row: Record<string, unknown>): Bytes => ({
  rxBytes: Number(row.rx_bytes),
  txBytes: Number(row.tx_bytes),
});

/** Converts a row of `traffic_keys`. */
const keyOf = (row: Record<string, unknown>): Key => ({
  nodeId: String(row.node_id),
  hostname: String(row.hostname),
  user: String(row.user),
  userName: String(row.user_name),
  path: pathOf(row),
  region: String(row.region) || null,
});

/** Converts a row of `traffic` with the key of tailscaled's own counting into sums. */
export function countedSumOf(row: Record<string, unknown>): CountedSum {
  return { start: Number(row.start), path: pathOf(row), ...bytesIn(row) };
}

const pathOf = ({ path }: Record<string, unknown>): TrafficPath =>
  TRAFFIC_PATHS.find((known) => known === path) ?? 'unknown';

/** Deletes what is past retention; use inside a transaction. Times in epoch milliseconds. */
export function pruneTraffic(
  db: Database,
  now: number,
  hoursBefore: number,
  daysBefore: number,
): void {
  const drop = db.prepare('DELETE FROM traffic WHERE step = ? AND start < ?');
  drop.run('hour', hoursBefore);
  const { changes } = drop.run('day', daysBefore);
  // All sums are read for it: once a day, not each minute.
  if (changes > 0) db.exec('DELETE FROM traffic_keys WHERE id NOT IN (SELECT key FROM traffic)');
  const { changes: forgotten } = db
    .prepare('DELETE FROM traffic_counters WHERE seen_at < ?')
    .run(now - FORGET_MS);
  if (forgotten > 0)
    db.exec(
      'DELETE FROM traffic_totals WHERE node_id NOT IN (SELECT node_id FROM traffic_counters)',
    );
}
