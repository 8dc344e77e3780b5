import { rename, rm, stat } from 'node:fs/promises';
import type { AccessFilter, TimeRange, Usage, UsageTotals, Visitor } from '../../domain/access';
import type { Checkpoint } from '../../domain/checkpoint';
import type {
  Connection,
  ConnectionCounts,
  LatencyPoint,
  PathSpan,
  PathSpeed,
} from '../../domain/connection';
import type { StoredEvent, TailnetEvent } from '../../domain/event';
import { toVisitor, type VisitorRow } from '../../rollup/dictionaries';
import { Queries } from '../../rollup/query-engine';
import { STEPS, startOf } from '../../rollup/resolutions';
import { CellTable, type PackedCells, unpackAll } from '../../rollup/roll-up';
import type { EventFilter, EventPage, PathObservation } from '../ports/connections';
import type {
  Batch,
  HitPage,
  Identity,
  RejectedSummary,
  Retention,
  Store,
  TailnetSummary,
} from '../ports/stores';
import { bumpVisitors, Committer } from './commit';
import {
  readConnectionCounts,
  readLastConnections,
  readLatencyHistory,
  readRecentRounds,
  writeConnections,
} from './connections';
import { type Database, storeUnavailable, transaction } from './driver';
import { readEvents, writeEvents } from './events';
import { SqliteHits } from './hit-source';
import { readPathSpans, writePaths } from './paths';
import { openMigrated } from './schema';

/** How many roll-ups one call makes: a call stays well under a tenth of a second. */
const ROLLUPS_A_CALL = 8;
/** Tailnet summaries are hourly: three years of them are small. */
const SUMMARIES_KEPT = 3 * 366 * 24;

/** The store in one SQLite file (WAL). Several may be open on it, in several threads; writes take turns. */
export class SqliteStore implements Store {
  private readonly queries: Queries;

  protected constructor(
    protected readonly db: Database,
    protected readonly file: string,
    protected readonly committer = new Committer(db),
  ) {
    this.queries = new Queries(new SqliteHits(db));
  }

  /** Opens or makes the database, migrating it forward. Throws `StoreUnavailable`. */
  static async open(file: string): Promise<SqliteStore> {
    return new SqliteStore(await openMigrated(file), file);
  }

  async checkpoints(): Promise<Checkpoint[]> {
    const rows = this.db.prepare('SELECT * FROM files ORDER BY id').all();
    return rows.map((row) => ({
      file: Number(row.id),
      log: String(row.log),
      path: String(row.path),
      device: Number(row.device),
      inode: Number(row.inode),
      head: String(row.head),
      offset: Number(row.offset),
      retired: row.retired === 1,
    }));
  }

  async nextFile(): Promise<number> {
    const row = this.db.prepare('SELECT MAX(id) AS last FROM files').get();
    return Number(row?.last ?? 0) + 1;
  }

  async commit(batch: Batch): Promise<void> {
    try {
      this.write(() => this.committer.commit(batch, Date.now()));
    } catch (error) {
      this.committer.forget();
      throw error;
    }
  }

  async visitorsToIdentify(
    before: { unknown: number; known: number },
    limit: number,
  ): Promise<Visitor[]> {
    const rows = this.db
      .prepare(
        `SELECT * FROM visitors WHERE current = 1 AND kind = 'tailnet' AND (checked_at IS NULL
         OR checked_at < CASE WHEN node_id IS NULL THEN ? ELSE ? END) ORDER BY checked_at LIMIT ?`,
      )
      .all(before.unknown, before.known, limit) as VisitorRow[];
    return rows.map(toVisitor);
  }

  async identify(visitorId: number, identity: Identity | null, now: number): Promise<void> {
    this.write(() => {
      const row = this.db.prepare('SELECT * FROM visitors WHERE id = ?').get(visitorId) as
        | VisitorRow
        | undefined;
      if (!row) return;
      this.db.prepare('UPDATE visitors SET checked_at = ? WHERE id = ?').run(now, visitorId);
      if (!identity) return;
      const { nodeId, device, user, userName } = identity;
      if (row.node_id !== null && row.node_id !== nodeId) {
        this.db.prepare('UPDATE visitors SET current = 0 WHERE id = ?').run(visitorId);
        this.db
          .prepare(
            `INSERT INTO visitors (ip, kind, current, node_id, device, user, user_name, checked_at)
             VALUES (?, ?, 1, ?, ?, ?, ?, ?)`,
          )
          .run(row.ip, row.kind, nodeId, device, user, userName, now);
        this.committer.forget();
      } else if (row.device !== device || row.user !== user || row.user_name !== userName) {
        this.db
          .prepare(
            'UPDATE visitors SET node_id = ?, device = ?, user = ?, user_name = ? WHERE id = ?',
          )
          .run(nodeId, device, user, userName, visitorId);
      } else return;
      bumpVisitors(this.db);
    });
  }

  async usage(range: TimeRange, filter: AccessFilter): Promise<Usage> {
    return this.queries.usage(range, filter);
  }

  async totals(range: TimeRange, filter: AccessFilter): Promise<UsageTotals> {
    return this.queries.totals(range, filter);
  }

  async hits(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Promise<HitPage> {
    const after = cursor === null ? null : parseCursor(cursor);
    const { hits, next } = this.queries.hits(range, filter, limit, after);
    return { hits, nextCursor: next && `${next.time}-${next.file}-${next.offset}` };
  }

  async rejected(): Promise<RejectedSummary> {
    const total = await this.loadState('rejected_total');
    const rows = this.db
      .prepare(
        `SELECT COALESCE(files.path, '') AS path, rejected."offset" AS "offset", line, reason, noticed_at
         FROM rejected LEFT JOIN files ON files.id = rejected.file ORDER BY rejected.id DESC LIMIT 20`,
      )
      .all();
    const samples = rows.map((row) => ({
      path: String(row.path),
      offset: Number(row.offset),
      line: String(row.line),
      reason: String(row.reason),
      time: Number(row.noticed_at),
    }));
    return { total: Number(total ?? 0), samples };
  }

  async addConnections(round: readonly Connection[]): Promise<void> {
    this.write(() => writeConnections(this.db, round));
  }

  async recentRounds(nodeId: string, limit: number): Promise<Connection[]> {
    return readRecentRounds(this.db, nodeId, limit);
  }

  async lastConnections(): Promise<Connection[]> {
    return readLastConnections(this.db);
  }

  async latencyHistory(
    nodeId: string,
    range: TimeRange,
    intervalMs: number,
  ): Promise<LatencyPoint[]> {
    return readLatencyHistory(this.db, nodeId, range, intervalMs);
  }

  async connectionCounts(range: TimeRange): Promise<ConnectionCounts[]> {
    return readConnectionCounts(this.db, range);
  }

  async observePaths(observations: readonly PathObservation[]): Promise<void> {
    this.write(() => writePaths(this.db, observations));
  }

  async pathSpans(nodeIds: readonly string[] | null, range: TimeRange): Promise<PathSpan[]> {
    return readPathSpans(this.db, nodeIds, range);
  }

  async speedByPath(range: TimeRange): Promise<PathSpeed[]> {
    return this.queries.speedByPath(range, readPathSpans(this.db, null, range));
  }

  async addEvents(events: readonly TailnetEvent[]): Promise<StoredEvent[]> {
    return this.write(() => writeEvents(this.db, events));
  }

  async events(
    range: TimeRange,
    filter: EventFilter,
    limit: number,
    cursor: string | null,
  ): Promise<EventPage> {
    return readEvents(this.db, range, filter, limit, cursor);
  }

  async addTailnetSummary({ time, summary }: TailnetSummary): Promise<void> {
    this.write(() => {
      this.db
        .prepare('INSERT OR REPLACE INTO tailnet_summaries VALUES (?, ?)')
        .run(time, JSON.stringify(summary));
      this.db
        .prepare('DELETE FROM tailnet_summaries WHERE time < ?')
        .run(time - SUMMARIES_KEPT * 3_600_000);
    });
  }

  async lastTailnetSummary(): Promise<TailnetSummary | null> {
    const row = this.db.prepare('SELECT * FROM tailnet_summaries ORDER BY time DESC LIMIT 1').get();
    return row ? { time: Number(row.time), summary: JSON.parse(String(row.summary)) } : null;
  }

  async saveState(key: string, value: string): Promise<void> {
    this.write(() => {
      this.db.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)').run(key, value);
    });
  }

  async loadState(key: string): Promise<string | null> {
    const row = this.db.prepare('SELECT value FROM state WHERE key = ?').get(key);
    return row ? String(row.value) : null;
  }

  async rollUp(now: number): Promise<boolean> {
    let made = 0;
    for (const [i, step] of STEPS.entries()) {
      const finer = STEPS[i - 1];
      if (finer === undefined) continue;
      // A step is due when it is over and finer ones lie in it. Finer ones are complete first: the loop goes upwards.
      const due = this.db
        .prepare(
          `SELECT DISTINCT start - (start % ?1) AS start FROM rollups WHERE step = ?2 AND start < ?3
           AND start - (start % ?1) NOT IN (SELECT start FROM rollups WHERE step = ?1) LIMIT ?4`,
        )
        .all(step, finer, startOf(now, step), ROLLUPS_A_CALL - made);
      for (const row of due) this.makeRollUp(step, finer, Number(row.start));
      made += due.length;
      if (made >= ROLLUPS_A_CALL) return true;
    }
    return false;
  }

  private makeRollUp(step: number, finer: number, start: number): void {
    this.write(() => {
      const table = new CellTable();
      const parts = this.db
        .prepare('SELECT cells, details FROM rollups WHERE step = ? AND start >= ? AND start < ?')
        .all(finer, start, start + step);
      for (const part of parts) table.merge(unpackAll(part as PackedCells));
      const { cells, details } = table.pack();
      this.db
        .prepare('INSERT OR REPLACE INTO rollups (step, start, cells, details) VALUES (?, ?, ?, ?)')
        .run(step, start, cells, details);
    });
  }

  async prune(now: number, { rawDays, rollupDays }: Retention): Promise<void> {
    const day = 24 * 3_600_000;
    this.write(() => {
      this.db.prepare('DELETE FROM hit_blocks WHERE hour < ?').run(now - rawDays * day);
      this.db.prepare('DELETE FROM connections WHERE time < ?').run(now - rawDays * day);
      const old = now - rollupDays * day;
      this.db.prepare('DELETE FROM rollups WHERE start + step <= ?').run(old);
      this.db.prepare('DELETE FROM connection_rollups WHERE start + step <= ?').run(old);
      this.db.prepare('DELETE FROM path_spans WHERE "end" < ?').run(old);
      this.db.prepare('DELETE FROM events WHERE time < ?').run(old);
    });
  }

  async backup(file: string): Promise<void> {
    const unfinished = `${file}.unfinished`;
    await rm(unfinished, { force: true });
    try {
      this.db.prepare('VACUUM INTO ?').run(unfinished);
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw storeUnavailable(error, file);
    }
  }

  async size(): Promise<number> {
    const sizes = await Promise.all(
      ['', '-wal'].map((suffix) =>
        stat(this.file + suffix).then(
          (s) => s.size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((a, b) => a + b, 0);
  }

  async close(): Promise<void> {
    this.db.close();
  }

  protected write<T>(work: () => T): T {
    return transaction(this.db, this.file, work);
  }
}

/** Throws `RangeError` when it is not a page's `nextCursor`. */
export function parseCursor(cursor: string) {
  const parts = /^(\d{1,15})-(\d{1,10})-(\d{1,15})$/.exec(cursor);
  if (!parts) throw new RangeError('not a cursor of this list');
  return { time: Number(parts[1]), file: Number(parts[2]), offset: Number(parts[3]) };
}
