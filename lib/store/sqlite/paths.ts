import type { TimeRange } from '../../domain/access';
import type { PathSpan, PathSpeed } from '../../domain/connection';
import { PATHS, type Path } from '../../domain/device';
import { LATENCY_BUCKETS, latencyBucket, latencyQuantile } from '../../domain/latency';
import type { HitBlock } from '../../rollup/hit-block';
import type { PathObservation, PathStore } from '../ports/paths';
import type { Database } from './driver';
import type { SqliteFile } from './file';

/** When nobody looked for longer than this, what the path was in between is not known. */
const UNSEEN_MS = 120_000;
const SPEEDS_LISTED = 50;
/** A path first seen this soon after a visit is the visit's own. */
const WAKES_WITHIN_MS = 10_000;

/** The paths of devices over time, as spans. */
export class SqlitePaths implements PathStore {
  constructor(private readonly file: SqliteFile) {}

  async observePaths(observations: readonly PathObservation[]): Promise<void> {
    this.file.write(() => writePaths(this.file.db, observations));
  }

  async pathSpans(nodeIds: readonly string[] | null, range: TimeRange): Promise<PathSpan[]> {
    return readPathSpans(this.file.db, nodeIds, range);
  }
}

/** Writes observations; to be used inside a transaction. */
export function writePaths(db: Database, observations: readonly PathObservation[]): void {
  const last = db.prepare(
    'SELECT start, "end", path FROM path_spans WHERE node_id = ? ORDER BY start DESC LIMIT 1',
  );
  const lengthen = db.prepare('UPDATE path_spans SET "end" = ? WHERE node_id = ? AND start = ?');
  const begin = db.prepare('INSERT OR IGNORE INTO path_spans VALUES (?, ?, ?, ?)');
  for (const { nodeId, time, path } of observations) {
    const span = last.get(nodeId);
    const seen = span !== undefined && time - Number(span.end) <= UNSEEN_MS;
    // A change happened somewhere between the two looks; we say at the second, so spans have no holes.
    if (seen) lengthen.run(time, nodeId, Number(span.start));
    if (!seen || span.path !== path) begin.run(nodeId, time, time, path);
  }
}

export function readPathSpans(
  db: Database,
  nodeIds: readonly string[] | null,
  { from, to }: TimeRange,
): PathSpan[] {
  const all = '"end" >= $from AND start < $to';
  // By the key: a node's spans follow one another, so that only the last one from before can reach into the range.
  const ofNode = `node_id = $node AND ${all} AND start >= coalesce(
    (SELECT max(start) FROM path_spans WHERE node_id = $node AND start < $from), 0)`;
  const select = db.prepare(`SELECT * FROM path_spans WHERE ${nodeIds ? ofNode : all}`);
  const rows = nodeIds
    ? nodeIds.flatMap((node) => select.all({ node, from, to }))
    : select.all({ from, to });
  return rows
    .map((row) => ({
      nodeId: String(row.node_id),
      from: Number(row.start),
      to: Number(row.end),
      path: PATHS.find((path) => path === row.path) ?? 'offline',
    }))
    .sort((a, b) => a.from - b.from);
}

const TRAVELLED = ['direct', 'peer_relay', 'relay'] as const satisfies readonly Path[];

const travelled = (span: PathSpan) => TRAVELLED.find((path) => path === span.path);

/** Joins hits with the path of their node at their time. */
export class SpeedByPath {
  private readonly spans = new Map<string, PathSpan[]>();
  private readonly cells = new Map<
    string,
    { path: PathSpeed['path']; endpoint: number; counts: Uint32Array }
  >();

  /** `nodeOf`: node ids by visitor id. */
  constructor(
    spans: readonly PathSpan[],
    private readonly nodeOf: readonly (string | undefined)[],
  ) {
    for (const span of spans) {
      const same = this.spans.get(span.nodeId);
      if (same) same.push(span);
      else this.spans.set(span.nodeId, [span]);
    }
  }

  add(block: HitBlock, hour: number, range: TimeRange): void {
    const { time, visitor, endpoint, responseMs } = block.columns;
    for (let i = 0; i < block.n; i++) {
      const at = hour + (time[i] ?? 0);
      const ms = responseMs[i] ?? 0xffffffff;
      if (at < range.from || at >= range.to || ms === 0xffffffff) continue;
      const path = this.pathAt(this.nodeOf[visitor[i] ?? 0], at);
      if (path) this.count(path, endpoint[i] ?? 0, ms);
    }
  }

  result(endpointNames: readonly string[]): PathSpeed[] {
    const all = [...this.cells.values()].map(({ path, endpoint, counts }) => ({
      endpoint: endpointNames[endpoint] ?? '',
      path,
      hits: counts.reduce((a, b) => a + b, 0),
      p50Ms: latencyQuantile(counts, 0.5) ?? 0,
      p95Ms: latencyQuantile(counts, 0.95) ?? 0,
    }));
    return all.sort((a, b) => b.hits - a.hits).slice(0, SPEEDS_LISTED);
  }

  private pathAt(nodeId: string | undefined, time: number): PathSpeed['path'] | undefined {
    const spans = nodeId === undefined ? undefined : this.spans.get(nodeId);
    if (!spans) return undefined;
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((spans[middle]?.from ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    const span = spans[low - 1];
    const now = span && time <= span.to ? travelled(span) : undefined;
    if (now) return now;
    // A visit wakes an idle connection, and the look that sees its path comes a moment after it.
    const next = spans[low];
    return next && next.from - time <= WAKES_WITHIN_MS ? travelled(next) : undefined;
  }

  private count(path: PathSpeed['path'], endpoint: number, ms: number): void {
    const key = `${path} ${endpoint}`;
    let cell = this.cells.get(key);
    if (!cell) {
      cell = { path, endpoint, counts: new Uint32Array(LATENCY_BUCKETS) };
      this.cells.set(key, cell);
    }
    const bucket = latencyBucket(ms);
    cell.counts[bucket] = (cell.counts[bucket] ?? 0) + 1;
  }
}
