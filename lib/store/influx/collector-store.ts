import type { AccessFilter, TimeRange, Usage, UsageTotals } from '../../domain/access';
import type { Connection, PathSpeed } from '../../domain/connection';
import type { StoredEvent, TailnetEvent } from '../../domain/event';
import { FINEST, startOf } from '../../rollup/resolutions';
import type { PathObservation } from '../ports/connections';
import type { SenderState } from '../ports/spool';
import type { HitPage, Retention, TailnetSummary } from '../ports/stores';
import { readConnectionSums, writeConnections } from '../sqlite/connections';
import type { Database } from '../sqlite/driver';
import { writeEvents } from '../sqlite/events';
import { readPathSpans, writePaths } from '../sqlite/paths';
import { openMigrated } from '../sqlite/schema';
import { SqliteStore } from '../sqlite/sqlite-store';
import type { Influx } from './client';
import { eventLine, healthLine, latencyLine, roundLine, summaryLine } from './connection-points';
import { Questions } from './questions';
import { RollUps } from './roll-ups';
import { Sender } from './sender';
import { SpoolCommitter } from './spool-commit';

const DAY = 24 * 3_600_000;
/** A path that lasts is told of this often. */
const TELL_OF_PATH_MS = 60_000;
const ROLLUPS_A_CALL = 8;

/**
 * The store of a collector that writes to InfluxDB. Whatever is written goes into its own SQLite database first, in one
 * transaction with what is to be sent; the sender sends it. Small things are read from there, so collecting needs no
 * server; hits and their sums are in InfluxDB alone.
 */
export class CollectorStore extends SqliteStore {
  readonly sender: Sender;
  private readonly questions: Questions;
  private readonly rollUps: RollUps;
  /** By node: when its path was last told of, and which. */
  private readonly told = new Map<string, { from: number; at: number }>();

  private constructor(
    db: Database,
    file: string,
    private readonly influx: Influx,
    private readonly collector: string,
    rawDays: number,
  ) {
    const sender = new Sender(db, file, influx, collector);
    super(db, file, new SpoolCommitter(db, sender.spool, rawDays * DAY));
    this.sender = sender;
    this.questions = new Questions(influx);
    this.rollUps = new RollUps(influx, sender.spool, this.questions, collector);
  }

  /** Opens or makes the collector's database. The server need not be there. Throws `StoreUnavailable`. */
  static async openCollector(
    file: string,
    influx: Influx,
    collector: string,
    { rawDays }: Retention,
  ): Promise<CollectorStore> {
    return new CollectorStore(await openMigrated(file), file, influx, collector, rawDays);
  }

  /** How many series each bucket has: what InfluxDB's memory goes by. Throws `StoreUnavailable`. */
  series(): Promise<number> {
    return this.influx.series();
  }

  senderState(): SenderState {
    return this.sender.state();
  }

  override usage(range: TimeRange, filter: AccessFilter): Promise<Usage> {
    return this.questions.usage(range, filter);
  }

  override totals(range: TimeRange, filter: AccessFilter): Promise<UsageTotals> {
    return this.questions.totals(range, filter);
  }

  override hits(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Promise<HitPage> {
    return this.questions.hits(range, filter, limit, cursor);
  }

  override speedByPath(range: TimeRange): Promise<PathSpeed[]> {
    return this.questions.speedByPath(range, readPathSpans(this.db, null, range));
  }

  override async addConnections(round: readonly Connection[]): Promise<void> {
    const { db, collector } = this;
    this.write(() => {
      writeConnections(db, round);
      const sums = round.flatMap(({ nodeId, time }) => readConnectionSums(db, nodeId, time));
      this.send(
        'raw',
        round.map((one) => roundLine(one, collector)),
      );
      this.send(
        'rollups',
        sums.map((row) => latencyLine(row, collector)),
      );
    });
  }

  override async observePaths(observations: readonly PathObservation[]): Promise<void> {
    const { db, collector } = this;
    this.write(() => {
      writePaths(db, observations);
      const lines: string[] = [];
      for (const { nodeId, time, hostname } of observations) {
        const spans = readPathSpans(db, [nodeId], { from: time, to: time + 1 });
        const newest = spans.at(-1);
        const told = this.told.get(nodeId);
        if (!newest || (told?.from === newest.from && time - told.at < TELL_OF_PATH_MS)) continue;
        // The one before ends where this one begins.
        for (const span of spans) lines.push(healthLine(span, hostname ?? nodeId, collector));
        this.told.set(nodeId, { from: newest.from, at: time });
      }
      this.send('rollups', lines);
    });
  }

  override async addEvents(events: readonly TailnetEvent[]): Promise<StoredEvent[]> {
    return this.write(() => {
      const stored = writeEvents(this.db, events);
      this.send(
        'rollups',
        stored.map((event) => eventLine(event, this.collector)),
      );
      return stored;
    });
  }

  override async addTailnetSummary({ time, summary }: TailnetSummary): Promise<void> {
    await super.addTailnetSummary({ time, summary });
    this.write(() => this.send('rollups', [summaryLine(time, summary, this.collector)]));
  }

  override rollUp(now: number): Promise<boolean> {
    const { spool, sentUpTo } = this.sender;
    // While a backlog is being sent, only hours that it has left behind are summed up.
    const open = spool.state().points > 0 ? sentUpTo : Number.POSITIVE_INFINITY;
    return this.rollUps.make(now, ROLLUPS_A_CALL, open);
  }

  /** InfluxDB drops by itself what its buckets no longer keep; readers are told from when on it counts as gone. */
  override async prune(now: number, retention: Retention): Promise<void> {
    await super.prune(now, retention);
    const rawFrom = startOf(now - retention.rawDays * DAY - 1, FINEST) + FINEST;
    await this.saveState('raw_from', String(rawFrom));
    await this.saveState('rollups_from', String(startOf(now - retention.rollupDays * DAY, FINEST)));
  }

  private send(bucket: 'raw' | 'rollups', lines: readonly string[]): void {
    this.sender.spool.addLines(bucket, lines, Date.now());
  }
}
