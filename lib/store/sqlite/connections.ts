import type { TimeRange } from '../../domain/access';
import {
  CONNECTION_TYPES,
  type Connection,
  type ConnectionCounts,
  type LatencyPoint,
} from '../../domain/connection';
import {
  CONNECTION_RESOLUTIONS,
  type ConnectionSums,
  countSteps,
  historyOf,
  historySteps,
  sumsOfRounds,
  toCounts,
} from '../../rollup/connection-sums';
import type { ConnectionStore } from '../ports/connections';
import type { Database } from './driver';
import type { SqliteFile } from './file';
import { numberOrNull, textOrNull } from './values';

const COLUMNS =
  'time, node_id, hostname, connection_type, relay_node, endpoint, latency_avg, latency_min, latency_max, jitter, sent, received, tx_bytes, rx_bytes';

/**
 * Selects the devices that a table has rows of: by steps through its key, of which the device is the first part after
 * `condition`, and not by reading a history of years.
 */
const devicesIn = (table: string, condition = 'TRUE') =>
  `WITH RECURSIVE devices (node_id) AS (
     SELECT MIN(node_id) FROM ${table} WHERE ${condition}
     UNION ALL SELECT (SELECT MIN(node_id) FROM ${table} WHERE ${condition} AND node_id > devices.node_id)
     FROM devices WHERE devices.node_id IS NOT NULL
   ) SELECT node_id FROM devices WHERE node_id IS NOT NULL`;
const DEVICES = devicesIn('connections');
const DEVICES_OF_STEP = devicesIn('connection_rollups', 'step = ?1');

/** Stores rounds of pings, and their roll-ups. */
export class SqliteConnections implements ConnectionStore {
  constructor(private readonly file: SqliteFile) {}

  async addConnections(round: readonly Connection[]): Promise<void> {
    this.file.write(() => writeConnections(this.file.db, round));
  }

  async lastConnections(): Promise<Connection[]> {
    const rows = this.file.db
      .prepare(
        `SELECT c.* FROM (${DEVICES}) AS device JOIN connections AS c ON c.node_id = device.node_id
           AND c.time = (SELECT MAX(time) FROM connections WHERE node_id = device.node_id) ORDER BY c.hostname`,
      )
      .all();
    return rows.map(connectionOf);
  }

  async recentRounds(nodeId: string, limit: number): Promise<Connection[]> {
    const rows = this.file.db
      .prepare('SELECT * FROM connections WHERE node_id = ? ORDER BY time DESC LIMIT ?')
      .all(nodeId, limit);
    return rows.map(connectionOf);
  }

  async latencyHistory(
    nodeId: string,
    range: TimeRange,
    intervalMs: number,
  ): Promise<LatencyPoint[]> {
    const { step, first, ofRounds } = historySteps(range, intervalMs);
    if (ofRounds) {
      const rounds = this.file.db
        .prepare('SELECT * FROM connections WHERE node_id = ? AND time >= ? AND time < ?')
        .all(nodeId, first, range.to);
      return historyOf(sumsOfRounds(rounds.map(connectionOf), step), range, intervalMs);
    }
    const rows = this.file.db
      .prepare(
        'SELECT * FROM connection_rollups WHERE step = ? AND node_id = ? AND start >= ? AND start < ?',
      )
      .all(step, nodeId, first, range.to);
    return historyOf(rows, range, intervalMs);
  }

  async connectionCounts(range: TimeRange): Promise<ConnectionCounts[]> {
    const { step, first } = countSteps(range);
    const sums = ['sent', 'received', ...CONNECTION_TYPES].map((name) => `SUM(${name}) AS ${name}`);
    const rows = this.file.db.prepare(
      `SELECT node_id, MAX(hostname) AS hostname, ${sums.join(', ')} FROM connection_rollups
         WHERE step = ?1 AND node_id IN (${DEVICES_OF_STEP}) AND start >= ?2 AND start < ?3
         GROUP BY node_id ORDER BY hostname`,
    );
    return rows.all(step, first, range.to).map(toCounts);
  }
}

/** Writes a round; use inside a transaction. */
export function writeConnections(db: Database, round: readonly Connection[]): void {
  const add = adding(db);
  const count = db.prepare(
    `INSERT INTO connection_rollups (step, node_id, start, hostname, sent, received, latency_sum, latency_min,
       latency_max, ${CONNECTION_TYPES.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (step, node_id, start) DO UPDATE SET hostname = excluded.hostname, sent = sent + excluded.sent,
       received = received + excluded.received, latency_sum = latency_sum + excluded.latency_sum,
       latency_min = MIN(COALESCE(latency_min, excluded.latency_min), COALESCE(excluded.latency_min, latency_min)),
       latency_max = MAX(COALESCE(latency_max, excluded.latency_max), COALESCE(excluded.latency_max, latency_max)),
       ${CONNECTION_TYPES.map((type) => `${type} = ${type} + excluded.${type}`).join(', ')}`,
  );
  for (const c of round) {
    const added = add(c);
    if (added === 0) continue;
    const types = CONNECTION_TYPES.map((type) => (type === c.connectionType ? 1 : 0));
    for (const step of CONNECTION_RESOLUTIONS) {
      const start = Math.floor(c.time / step) * step;
      const sum = (c.latencyAvg ?? 0) * c.received;
      const numbers = [c.sent, c.received, sum, c.latencyMin, c.latencyMax];
      count.run(step, c.nodeId, start, c.hostname, ...numbers, ...types);
    }
  }
}

/** Writes rounds into a database that has none; use inside a transaction. */
export function writeConnectionHistory(db: Database, rounds: readonly Connection[]): void {
  const add = adding(db);
  for (const round of rounds) add(round);
  const counts = CONNECTION_TYPES.map((type) => `SUM(connection_type = '${type}')`);
  const sums = db.prepare(
    `INSERT INTO connection_rollups SELECT ?1, node_id, time / ?1 * ?1, MAX(hostname), SUM(sent), SUM(received),
       SUM(COALESCE(latency_avg, 0) * received), MIN(latency_min), MAX(latency_max), ${counts.join(', ')}
     FROM connections GROUP BY node_id, time / ?1`,
  );
  for (const step of CONNECTION_RESOLUTIONS) sums.run(step);
}

/** Deletes rounds and roll-ups that are past retention, epoch milliseconds; use inside a transaction. */
export function pruneConnections(db: Database, roundsBefore: number, rollUpsBefore: number): void {
  db.prepare(`DELETE FROM connections WHERE node_id IN (${DEVICES}) AND time < ?`).run(
    roundsBefore,
  );
  const drop = db.prepare(
    `DELETE FROM connection_rollups WHERE step = ?1 AND node_id IN (${DEVICES_OF_STEP}) AND start <= ?2`,
  );
  for (const step of CONNECTION_RESOLUTIONS) drop.run(step, rollUpsBefore - step);
}

/** Returns a function that adds a round to `connections`, and returns how many rows that were: 0 when it is known. */
function adding(db: Database): (round: Connection) => number {
  const add = db.prepare(
    `INSERT OR IGNORE INTO connections (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (c) => {
    const { changes } = add.run(
      c.time,
      c.nodeId,
      c.hostname,
      c.connectionType,
      c.relayNode,
      c.endpoint,
      c.latencyAvg,
      c.latencyMin,
      c.latencyMax,
      c.jitter,
      c.sent,
      c.received,
      c.txBytes,
      c.rxBytes,
    );
    return Number(changes);
  };
}

/** Returns the sums in which a round was counted, one row per resolution. */
export function readConnectionSums(db: Database, nodeId: string, time: number): ConnectionSums[] {
  const read = db.prepare(
    'SELECT * FROM connection_rollups WHERE step = ? AND node_id = ? AND start = ?',
  );
  return CONNECTION_RESOLUTIONS.flatMap(
    (step) => read.get(step, nodeId, Math.floor(time / step) * step) ?? [],
  );
}

/** Converts a row of `connections` into a round. */
export function connectionOf(row: Record<string, unknown>): Connection {
  const type = CONNECTION_TYPES.find((known) => known === row.connection_type);
  return {
    time: Number(row.time),
    nodeId: String(row.node_id),
    hostname: String(row.hostname),
    connectionType: type ?? 'unknown',
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
