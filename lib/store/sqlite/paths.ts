import type { TimeRange } from '../../domain/access';
import type { PathSpan } from '../../domain/connection';
import { PATHS } from '../../domain/device';
import { MINUTE } from '../../util/time';
import type { PathObservation, PathStore } from '../ports/paths';
import type { Database } from './driver';
import type { SqliteFile } from './file';

/** After a longer gap than this between observations, the path in between is unknown. */
const UNSEEN_MS = 2 * MINUTE;

/** Stores the paths of devices over time, as spans. */
export class SqlitePaths implements PathStore {
  constructor(private readonly file: SqliteFile) {}

  async observePaths(observations: readonly PathObservation[]): Promise<void> {
    this.file.write(() => writePaths(this.file.db, observations));
  }

  async pathSpans(deviceIds: readonly string[] | null, range: TimeRange): Promise<PathSpan[]> {
    return readPathSpans(this.file.db, deviceIds, range);
  }
}

/** Writes observations; use inside a transaction. */
export function writePaths(db: Database, observations: readonly PathObservation[]): void {
  const last = db.prepare(
    'SELECT start, "end", path FROM path_spans WHERE node_id = ? ORDER BY start DESC LIMIT 1',
  );
  const lengthen = db.prepare('UPDATE path_spans SET "end" = ? WHERE node_id = ? AND start = ?');
  const begin = db.prepare('INSERT OR IGNORE INTO path_spans VALUES (?, ?, ?, ?)');
  for (const { nodeId, time, path } of observations) {
    const span = last.get(nodeId);
    const seen = span !== undefined && time - Number(span.end) <= UNSEEN_MS;
    // The change happened between the two observations; it is dated at the second, so that spans have no gaps.
    if (seen) lengthen.run(time, nodeId, Number(span.start));
    if (!seen || span.path !== path) begin.run(nodeId, time, time, path);
  }
}

/** Writes whole spans, in order of time by device; use inside a transaction. */
export function writePathSpans(db: Database, spans: readonly PathSpan[]): void {
  const add = db.prepare('INSERT INTO path_spans VALUES (?, ?, ?, ?)');
  for (const { nodeId, from, to, path } of spans) add.run(nodeId, from, to, path);
}

export function readPathSpans(
  db: Database,
  deviceIds: readonly string[] | null,
  { from, to }: TimeRange,
): PathSpan[] {
  const touching = '"end" >= $from AND start < $to';
  if (!deviceIds) {
    const rows = db.prepare(`SELECT * FROM path_spans WHERE ${touching}`).all({ from, to });
    return rows.map(spanOf).sort((a, b) => a.from - b.from);
  }
  // Uses the key: a device's spans follow one another, so only the last earlier one can reach into the range.
  const ofDevices = `SELECT path_spans.* FROM json_each($nodes) AS asked
    JOIN path_spans ON node_id = asked.value AND ${touching} AND start >= coalesce(
      (SELECT max(start) FROM path_spans WHERE node_id = asked.value AND start < $from), 0)`;
  const rows = db.prepare(ofDevices).all({ nodes: JSON.stringify(deviceIds), from, to });
  return rows.map(spanOf).sort((a, b) => a.from - b.from);
}

/** Converts a row of `path_spans` into a span. */
export function spanOf(row: Record<string, unknown>): PathSpan {
  return {
    nodeId: String(row.node_id),
    from: Number(row.start),
    to: Number(row.end),
    path: PATHS.find((path) => path === row.path) ?? 'offline',
  };
}
