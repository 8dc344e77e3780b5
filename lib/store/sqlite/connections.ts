import type { TimeRange } from '../../domain/access';
import {
  CONNECTION_TYPES,
  type Connection,
  type ConnectionCounts,
  type ConnectionType,
  type LatencyPoint,
} from '../../domain/connection';
import { MAX_POINTS } from '../ports/connections';
import type { Database } from './driver';

const MINUTE = 60_000;
/** The ladder of latency roll-ups. Each round is counted in all of them at once: a handful of rows. */
const STEPS = [5, 30, 180, 1_440, 10_080].map((minutes) => minutes * MINUTE);
const [FINEST = 5 * MINUTE] = STEPS;

const COLUMNS =
  'time, node_id, hostname, connection_type, relay_node, endpoint, latency_avg, latency_min, latency_max, jitter, sent, received, tx_bytes, rx_bytes';

type Row = Record<string, unknown>;
/** A row of `connection_rollups`. */
export type ConnectionSums = Row;

/** Writes a round; to be used inside a transaction. */
export function writeConnections(db: Database, round: readonly Connection[]): void {
  const add = db.prepare(
    `INSERT OR IGNORE INTO connections (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
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
    const added = add.run(
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
    if (Number(added.changes) === 0) continue;
    const types = CONNECTION_TYPES.map((type) => (type === c.connectionType ? 1 : 0));
    for (const step of STEPS) {
      const start = Math.floor(c.time / step) * step;
      const sum = (c.latencyAvg ?? 0) * c.received;
      const numbers = [c.sent, c.received, sum, c.latencyMin, c.latencyMax];
      count.run(step, c.nodeId, start, c.hostname, ...numbers, ...types);
    }
  }
}

export function readLastConnections(db: Database): Connection[] {
  const rows = db
    .prepare(
      `SELECT c.* FROM (SELECT node_id, MAX(time) AS time FROM connections GROUP BY node_id) AS last
       JOIN connections AS c ON c.node_id = last.node_id AND c.time = last.time ORDER BY c.hostname`,
    )
    .all();
  return rows.map(toConnection);
}

export function readRecentRounds(db: Database, nodeId: string, limit: number): Connection[] {
  const rows = db
    .prepare('SELECT * FROM connections WHERE node_id = ? ORDER BY time DESC LIMIT ?')
    .all(nodeId, limit);
  return rows.map(toConnection);
}

export function readLatencyHistory(
  db: Database,
  nodeId: string,
  range: TimeRange,
  intervalMs: number,
): LatencyPoint[] {
  const { step, first } = historySteps(range, intervalMs);
  const rows = db
    .prepare(
      'SELECT * FROM connection_rollups WHERE step = ? AND node_id = ? AND start >= ? AND start < ?',
    )
    .all(step, nodeId, first, range.to);
  return historyOf(rows, range, intervalMs);
}

/** The step a history is drawn in, and its first one; milliseconds. */
export function historySteps({ from, to }: TimeRange, intervalMs: number) {
  const fits = (step: number) => step >= intervalMs && (to - from) / step <= MAX_POINTS - 1;
  const step = STEPS.find(fits) ?? STEPS[STEPS.length - 1] ?? FINEST;
  return { step, first: Math.floor(from / step) * step };
}

/** A history of a node's sums of the step that `historySteps` says. */
export function historyOf(
  rows: readonly ConnectionSums[],
  range: TimeRange,
  intervalMs: number,
): LatencyPoint[] {
  const { step, first } = historySteps(range, intervalMs);
  const found = new Map(rows.map((row) => [Number(row.start), row]));
  const points: LatencyPoint[] = [];
  for (let time = first; time < range.to && points.length < MAX_POINTS; time += step) {
    const row = found.get(time);
    points.push(row ? toPoint(time, row) : { time, ...GAP });
  }
  return points;
}

const GAP = { latencyMs: null, minMs: null, maxMs: null, loss: null, connectionType: null };

/** The coarsest step of which the range holds a few: what is counted is bounded, and the ends are near enough. */
export function countSteps({ from, to }: TimeRange) {
  const step = STEPS.toReversed().find((s) => (to - from) / s >= 48) ?? FINEST;
  return { step, first: Math.floor(from / step) * step };
}

export function readConnectionCounts(db: Database, range: TimeRange): ConnectionCounts[] {
  const { step, first } = countSteps(range);
  const sums = ['sent', 'received', ...CONNECTION_TYPES].map((name) => `SUM(${name}) AS ${name}`);
  const rows = db.prepare(
    `SELECT node_id, MAX(hostname) AS hostname, ${sums.join(', ')} FROM connection_rollups
       WHERE step = ? AND start >= ? AND start < ? GROUP BY node_id ORDER BY hostname`,
  );
  return rows.all(step, first, range.to).map(toCounts);
}

/** Sums of a node as its counts. */
export function toCounts(row: ConnectionSums): ConnectionCounts {
  return {
    nodeId: String(row.node_id),
    hostname: String(row.hostname),
    rounds: roundsOf(row),
    sent: Number(row.sent),
    received: Number(row.received),
  };
}

/** What the rounds that one was counted in have come to, a row a step. */
export function readConnectionSums(db: Database, nodeId: string, time: number): ConnectionSums[] {
  const read = db.prepare(
    'SELECT * FROM connection_rollups WHERE step = ? AND node_id = ? AND start = ?',
  );
  return STEPS.flatMap((step) => read.get(step, nodeId, Math.floor(time / step) * step) ?? []);
}

function roundsOf(row: Row): Record<ConnectionType, number> {
  return Object.fromEntries(CONNECTION_TYPES.map((type) => [type, Number(row[type])])) as Record<
    ConnectionType,
    number
  >;
}

function toPoint(time: number, row: Row): LatencyPoint {
  const received = Number(row.received);
  const sent = Number(row.sent);
  const rounds = roundsOf(row);
  const most = [...CONNECTION_TYPES].sort((a, b) => rounds[b] - rounds[a])[0] ?? null;
  return {
    time,
    latencyMs: received > 0 ? Number(row.latency_sum) / received : null,
    minMs: numberOrNull(row.latency_min),
    maxMs: numberOrNull(row.latency_max),
    loss: sent > 0 ? 1 - received / sent : null,
    connectionType: most,
  };
}

function toConnection(row: Row): Connection {
  const type = CONNECTION_TYPES.find((known) => known === row.connection_type);
  return {
    time: Number(row.time),
    nodeId: String(row.node_id),
    hostname: String(row.hostname),
    connectionType: type ?? 'unknown',
    relayNode: String(row.relay_node),
    endpoint: row.endpoint === null ? null : String(row.endpoint),
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

const numberOrNull = (value: unknown) => (value === null ? null : Number(value));
