import type { Connection } from '../../domain/connection';
import type { StoredEvent, TailnetEvent } from '../../domain/event';
import { UTC_PERIODS } from '../../rollup/periods';
import { HOURLY, startOf } from '../../rollup/resolutions';
import { DAY, MINUTE } from '../../util/time';
import type { ConnectionStore } from '../ports/connections';
import type { EventStore } from '../ports/events';
import type { Maintenance, Retention } from '../ports/maintenance';
import type { PathObservation, PathStore } from '../ports/paths';
import type { Stores } from '../ports/stores';
import type { SummaryStore } from '../ports/summaries';
import { Committer } from '../sqlite/commit';
import { readConnectionSums, SqliteConnections, writeConnections } from '../sqlite/connections';
import { DictionaryWriter } from '../sqlite/dictionary-writer';
import { SqliteEvents, writeEvents } from '../sqlite/events';
import { SqliteFile } from '../sqlite/file';
import { CountingWriter, SqliteHitCounters } from '../sqlite/hit-counters';
import { SqliteIngest } from '../sqlite/ingest';
import { SqliteMaintenance } from '../sqlite/maintenance';
import { readPathSpans, SqlitePaths, writePaths } from '../sqlite/paths';
import { SqliteRejectedLines } from '../sqlite/rejected-lines';
import { SqliteState } from '../sqlite/state';
import { sqliteState } from '../sqlite/stores';
import { SqliteSummaries } from '../sqlite/summaries';
import { SqliteVisitors } from '../sqlite/visitors';
import type { Influx } from './client';
import { recountHours } from './coarse-hours';
import { eventLine, healthLine, latencyLine, roundLine, summaryLine } from './connection-points';
import { InfluxHitSource } from './hit-source';
import { InfluxQueryEngine } from './query-engine';
import { RollUpMaker } from './roll-up-maker';
import { Sender } from './sender';
import { sentInventory } from './sent-inventory';
import { sentTraffic } from './sent-traffic';
import type { Spool } from './spool';
import { SpoolWriter } from './spool-writer';
import { followTimeZone } from './time-zone-change';

/** How often an unchanged path is reported. */
const REPORT_PATH_MS = MINUTE;
const ROLLUPS_PER_CALL = 8;

/** The ports of a collector on InfluxDB, and the sender of its spool. */
export type InfluxCollectorStores = Stores & { sender: Sender };

/**
 * Opens or creates the database of a collector that writes to InfluxDB. Every write goes into that SQLite database
 * first, in one transaction with what is to be sent; the sender sends it. Small data is read from there, so collecting
 * needs no server; hits and their roll-ups are only in InfluxDB. Throws `StoreUnavailable`.
 */
export async function openInfluxStores(
  path: string,
  influx: Influx,
  collector: string,
  retention: Retention,
  periods = UTC_PERIODS,
): Promise<InfluxCollectorStores> {
  return influxStores(await SqliteFile.open(path), influx, collector, retention, periods);
}

/** Creates the ports on a collector's open database and an InfluxDB. */
export function influxStores(
  file: SqliteFile,
  influx: Influx,
  collector: string,
  { rawDays, rollupDays }: Retention,
  periods = UTC_PERIODS,
): InfluxCollectorStores {
  const { db } = file;
  const sender = new Sender(file, influx, collector);
  const source = new InfluxHitSource(influx, periods);
  const engine = new InfluxQueryEngine(source);
  const state = new SqliteState(file);
  const outgoing: Outgoing = { file, spool: sender.spool, collector };
  const dictionary = new DictionaryWriter(db);
  const spoolWriter = new SpoolWriter(db, dictionary, sender.spool, rawDays * DAY);
  const hits = new CountingWriter(db, dictionary, spoolWriter);
  const maker = new RollUpMaker(
    influx,
    sender.pendingRollUps,
    source,
    collector,
    rawDays * DAY,
    periods,
  );
  const own = { file, source, pending: sender.pendingRollUps, collector, periods };
  return {
    sender,
    ...sqliteState(file),
    ingest: new SqliteIngest(file, new Committer(db, dictionary, hits)),
    hitCounters: new SqliteHitCounters(db),
    rejectedLines: new SqliteRejectedLines(db),
    visitors: new SqliteVisitors(file),
    accesses: {
      usage: (range, filter) => engine.usage(range, filter),
      totals: (range, filter) => engine.totals(range, filter),
      hits: (range, filter, limit, cursor) => engine.hits(range, filter, limit, cursor),
      speedByPath: (range) => engine.speedByPath(range, readPathSpans(db, null, range)),
    },
    connections: sentConnections(outgoing),
    paths: sentPaths(outgoing),
    traffic: sentTraffic(outgoing, periods.zone),
    inventory: sentInventory(outgoing),
    events: sentEvents(outgoing),
    summaries: sentSummaries(outgoing),
    state,
    maintenance: maintenance(file, state, sender, maker, {
      recount: (now) => recountHours(own, now - rawDays * DAY),
      followTimeZone: (now) => followTimeZone(own, now - rollupDays * DAY, now),
    }),
    close: async () => file.close(),
  };
}

type Outgoing = { file: SqliteFile; spool: Spool; collector: string };

function sentConnections({ file, spool, collector }: Outgoing): ConnectionStore {
  const own = new SqliteConnections(file);
  return {
    recentRounds: (nodeId, limit) => own.recentRounds(nodeId, limit),
    lastConnections: () => own.lastConnections(),
    latencyHistory: (nodeId, range, intervalMs) => own.latencyHistory(nodeId, range, intervalMs),
    connectionCounts: (range) => own.connectionCounts(range),
    addConnections: async (round: readonly Connection[]) =>
      file.write(() => {
        writeConnections(file.db, round);
        const sums = round.flatMap(({ nodeId, time }) => readConnectionSums(file.db, nodeId, time));
        const now = Date.now();
        spool.addLines(
          'raw',
          round.map((one) => roundLine(one, collector)),
          now,
        );
        spool.addLines(
          'rollups',
          sums.map((row) => latencyLine(row, collector)),
          now,
        );
      }),
  };
}

function sentPaths({ file, spool, collector }: Outgoing): PathStore {
  const own = new SqlitePaths(file);
  /** By device: when its path was last reported, and which. */
  const reported = new Map<string, { from: number; at: number }>();
  const changedSpans = ({ nodeId, time, hostname }: PathObservation): string[] => {
    const spans = readPathSpans(file.db, [nodeId], { from: time, to: time + 1 });
    const newest = spans.at(-1);
    const last = reported.get(nodeId);
    if (!newest || (last?.from === newest.from && time - last.at < REPORT_PATH_MS)) return [];
    reported.set(nodeId, { from: newest.from, at: time });
    // The previous span ends where this one begins.
    return spans.map((span) => healthLine(span, hostname ?? nodeId, collector));
  };
  return {
    pathSpans: (deviceIds, range) => own.pathSpans(deviceIds, range),
    observePaths: async (observations) =>
      file.write(() => {
        writePaths(file.db, observations);
        spool.addLines('rollups', observations.flatMap(changedSpans), Date.now());
      }),
  };
}

function sentEvents({ file, spool, collector }: Outgoing): EventStore {
  const own = new SqliteEvents(file);
  return {
    events: (range, filter, limit, cursor) => own.events(range, filter, limit, cursor),
    addEvents: async (events: readonly TailnetEvent[]): Promise<StoredEvent[]> =>
      file.write(() => {
        const stored = writeEvents(file.db, events);
        spool.addLines(
          'rollups',
          stored.map((event) => eventLine(event, collector)),
          Date.now(),
        );
        return stored;
      }),
  };
}

function sentSummaries({ file, spool, collector }: Outgoing): SummaryStore {
  const own = new SqliteSummaries(file);
  return {
    lastTailnetSummary: () => own.lastTailnetSummary(),
    addTailnetSummary: async (summary) =>
      file.write(() => {
        own.add(summary);
        const line = summaryLine(summary.time, summary.summary, collector);
        spool.addLines('rollups', [line], Date.now());
      }),
  };
}

function maintenance(
  file: SqliteFile,
  state: SqliteState,
  sender: Sender,
  maker: RollUpMaker,
  upgrade: Record<'recount' | 'followTimeZone', (now: number) => Promise<void>>,
): Maintenance {
  const own = new SqliteMaintenance(file);
  return {
    rollUp: async (now) => {
      await upgrade.followTimeZone(now);
      // While a backlog is being sent, only hours that it has passed are rolled up.
      const open = sender.spool.state().points > 0 ? sender.sentUpTo : Number.POSITIVE_INFINITY;
      return maker.make(now, ROLLUPS_PER_CALL, open);
    },
    recount: async (now) => {
      await upgrade.recount(now);
      return false;
    },
    // InfluxDB drops by itself what its buckets no longer keep; readers find out from when on it counts as gone.
    prune: async (now, retention) => {
      await own.prune(now, retention);
      const rawFrom = startOf(now - retention.rawDays * DAY - 1, HOURLY) + HOURLY;
      const rollupsFrom = startOf(now - retention.rollupDays * DAY, HOURLY);
      await state.saveState('raw_from', String(rawFrom));
      await state.saveState('rollups_from', String(rollupsFrom));
    },
    backup: (to) => own.backup(to),
    size: () => own.size(),
  };
}
