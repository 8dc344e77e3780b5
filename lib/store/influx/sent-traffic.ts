import type { TimeZone } from '../../domain/time-zone';
import { TRAFFIC_STEPS, type TrafficStep } from '../../domain/traffic-buckets';
import { MINUTE } from '../../util/time';
import type { TrafficStore } from '../ports/traffic';
import type { Database } from '../sqlite/driver';
import type { SqliteFile } from '../sqlite/file';
import { countedSumOf, SqliteTraffic, trafficSumOf, writeTraffic } from '../sqlite/traffic';
import type { BucketKind } from './client';
import type { Spool } from './spool';
import { countedLine, trafficLine } from './traffic-points';

/** How often what has grown is sent. */
const SEND_MS = MINUTE;
/** Hours are kept as long as single hits, days as long as roll-ups. */
const BUCKETS: Record<TrafficStep, BucketKind> = { hour: 'raw', day: 'rollups' };

/** What travelled between devices: in the collector's own database, and from there to InfluxDB. */
export function sentTraffic(
  { file, spool, collector }: { file: SqliteFile; spool: Spool; collector: string },
  zone: TimeZone,
): TrafficStore {
  const own = new SqliteTraffic(file, zone);
  let sentAt = Number.NEGATIVE_INFINITY;
  return {
    trafficSums: (step, range, deviceIds) => own.trafficSums(step, range, deviceIds),
    countedSums: (step, range) => own.countedSums(step, range),
    trafficSince: () => own.trafficSince(),
    lastCounters: () => own.lastCounters(),
    trafficTotals: () => own.trafficTotals(),
    addTraffic: async (change) => {
      const isDue = Math.abs(change.counters.at - sentAt) >= SEND_MS;
      file.write(() => {
        writeTraffic(file.db, change, zone, true);
        if (isDue) sendGrown(file.db, spool, collector);
      });
      if (isDue) sentAt = change.counters.at;
    },
  };
}

/** Puts the sums that have grown since they were last sent into the spool; use inside a transaction. */
function sendGrown(db: Database, spool: Spool, collector: string): void {
  const rows = db
    .prepare('SELECT * FROM traffic JOIN traffic_keys ON id = key WHERE unsent = 1')
    .all();
  for (const step of TRAFFIC_STEPS) {
    const grown = rows.filter((row) => row.step === step);
    spool.addLines(
      BUCKETS[step],
      grown.map((row) => trafficPoint(row, collector)),
      Date.now(),
    );
  }
  db.exec('UPDATE traffic SET unsent = 0 WHERE unsent = 1');
}

/** Returns the point of a row of `traffic` with its key. */
export function trafficPoint(row: Record<string, unknown>, collector: string): string {
  const step = row.step === 'day' ? 'day' : 'hour';
  return row.node_id === ''
    ? countedLine(countedSumOf(row), step, collector)
    : trafficLine(trafficSumOf(row), step, collector);
}

/** Returns where the points of a period go. */
export const trafficBucket = (step: unknown): BucketKind =>
  BUCKETS[step === 'day' ? 'day' : 'hour'];
