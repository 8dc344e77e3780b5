import * as z from 'zod';
import { TRAFFIC_STEPS } from '../../../domain/traffic-buckets';
import { connectionOf } from '../../sqlite/connections';
import { type Database, transaction } from '../../sqlite/driver';
import { eventOf } from '../../sqlite/events';
import { inventoryChangeOf } from '../../sqlite/inventory';
import { spanOf } from '../../sqlite/paths';
import type { BucketKind } from '../client';
import { eventLine, healthLine, latencyLine, roundLine } from '../connection-points';
import { inventoryLine } from '../sent-inventory';
import { trafficBucket, trafficPoint } from '../sent-traffic';
import { Spool } from '../spool';
import type { MigrationIn } from './in';

const ROWS_AT_ONCE = 2_000;
const keySchema = z.array(z.union([z.string(), z.number()]));

type Row = Record<string, unknown>;
type SentTable = {
  table: string;
  /** Where its rows are read, if that is not just the table. */
  source?: string;
  /** Its primary key. */
  key: readonly string[];
  bucket: BucketKind;
  lineOf(row: Row): string;
};

/** Puts rounds, sums of rounds, traffic, paths, events and the changes of the inventory into the spool. */
export async function sendTables(migration: MigrationIn, collector: string): Promise<void> {
  const names = hostnames(migration.db);
  const tables: SentTable[] = [
    {
      ...{ table: 'connections', key: ['node_id', 'time'], bucket: 'raw' },
      lineOf: (row) => roundLine(connectionOf(row), collector),
    },
    {
      ...{ table: 'connection_rollups', key: ['step', 'node_id', 'start'], bucket: 'rollups' },
      lineOf: (row) => latencyLine(row, collector),
    },
    {
      ...{ table: 'path_spans', key: ['node_id', 'start'], bucket: 'rollups' },
      lineOf: (row) => {
        const span = spanOf(row);
        return healthLine(span, names.get(span.nodeId) ?? span.nodeId, collector);
      },
    },
    {
      ...{ table: 'events', key: ['id'], bucket: 'rollups' },
      lineOf: (row) => eventLine(eventOf(row), collector),
    },
    {
      ...{ table: 'inventory_changes', key: ['time', 'node_id', 'field'], bucket: 'rollups' },
      lineOf: (row) => inventoryLine(inventoryChangeOf(row), collector),
    },
  ];
  for (const step of TRAFFIC_STEPS) {
    tables.push({
      ...{ table: `traffic_${step}`, key: ['start', 'key'], bucket: trafficBucket(step) },
      source: `(SELECT * FROM traffic JOIN traffic_keys ON id = key WHERE step = '${step}')`,
      lineOf: (row) => trafficPoint(row, collector),
    });
  }
  for (const table of tables) await sendTable(migration, table);
}

/** Sends rows in the order of the key, so that rows added or deleted meanwhile shift none of the others. */
async function sendTable(
  { db, file, progress, makeRoom }: MigrationIn,
  { table, source = table, key, bucket, lineOf }: SentTable,
): Promise<void> {
  const spool = new Spool(db);
  const note = `after_${table}`;
  const columns = key.join(', ');
  const values = key.map(() => '?').join(', ');
  const order = `ORDER BY ${columns} LIMIT ${ROWS_AT_ONCE}`;
  const first = db.prepare(`SELECT * FROM ${source} ${order}`);
  const after = db.prepare(`SELECT * FROM ${source} WHERE (${columns}) > (${values}) ${order}`);
  for (let more = true; more; ) {
    const noted = progress.get(note);
    const rows = noted === null ? first.all() : after.all(...keySchema.parse(JSON.parse(noted)));
    const last = rows.at(-1);
    if (last) {
      transaction(db, file, () => {
        spool.addLines(bucket, rows.map(lineOf), Date.now());
        progress.note(note, JSON.stringify(key.map((column) => last[column])));
      });
    }
    await makeRoom();
    more = rows.length === ROWS_AT_ONCE;
  }
}

/** Returns the names of devices, by id. */
function hostnames(db: Database): Map<string, string> {
  const rows = db
    .prepare('SELECT node_id, MAX(hostname) AS hostname FROM connection_rollups GROUP BY node_id')
    .all();
  return new Map(rows.map(({ node_id, hostname }) => [String(node_id), String(hostname)]));
}
