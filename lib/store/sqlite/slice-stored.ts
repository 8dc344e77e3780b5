import { BLOCK_CAPACITY, HitBlockBuilder, unpackHits } from '../../rollup/hit-block';
import { HOURLY } from '../../rollup/resolutions';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import { ROW_BYTES } from '../../rollup/roll-up-layout';
import { MOST_UNDIVIDED, SLICE_ROWS, slicesOf } from '../../rollup/slices';
import { BlockTable } from './block-table';
import type { Database } from './driver';
import type { SqliteFile } from './file';
import { RollUpTable } from './roll-up-table';

/** The state that an upgrade leaves: roll-ups with an id up to this are of an earlier version. */
const UNDIVIDED = 'undivided_rollups';

/**
 * Divides up to `limit` hours or roll-ups into slices by visitor: hours that are over and were written a few hits at a
 * time, and what an earlier version has written. Returns true while there are more. What is in them, and every answer,
 * stays the same.
 */
export function sliceStored(file: SqliteFile, now: number, limit: number): boolean {
  const hours = undividedHours(file.db, now, limit);
  for (const hour of hours) file.write(() => divideHour(file.db, hour));
  return hours.length === limit || divideRollUps(file, limit);
}

/** Returns hours of which many hits are in blocks of any visitor; not those that a few late hits were added to. */
function undividedHours(db: Database, now: number, limit: number): number[] {
  const rows = db
    .prepare(
      `SELECT hour FROM hit_blocks WHERE hour <= ? GROUP BY hour
         HAVING SUM(n) > ? AND SUM(n * (last_visitor IS NULL)) > ? ORDER BY hour DESC LIMIT ?`,
    )
    .all(now - 2 * HOURLY, MOST_UNDIVIDED, SLICE_ROWS, limit);
  return rows.map(({ hour }) => Number(hour));
}

/** Writes the hits of an hour anew, and its roll-up, so that it gets another id; use inside a transaction. */
function divideHour(db: Database, hour: number): void {
  const table = new BlockTable(db);
  const blocks = table.read(hour).map(unpackHits);
  const visitors = Uint32Array.from(blocks.flatMap(({ columns }) => [...columns.visitor]));
  const slices = slicesOf(visitors, visitors.length);
  table.delete(hour);
  const open: HitBlockBuilder[] = [];
  for (const block of blocks) {
    const { visitor } = block.columns;
    for (let i = 0; i < block.n; i++) {
      const slice = slices?.of[visitor[i] ?? 0] ?? 0;
      let into = open[slice];
      if (into === undefined || into.n >= BLOCK_CAPACITY) {
        if (into) table.add(hour, into, true);
        into = new HitBlockBuilder(hour);
        open[slice] = into;
      }
      into.copyRow(block, i);
    }
  }
  for (const block of open) table.add(hour, block, true);
  divideRollUp(new RollUpTable(db), HOURLY, hour);
}

/** Divides large roll-ups of an earlier version, the newest first. */
function divideRollUps(file: SqliteFile, limit: number): boolean {
  const { db } = file;
  const newest = db.prepare('SELECT value FROM state WHERE key = ?').get(UNDIVIDED)?.value;
  if (newest === undefined) return false;
  const rows = db
    .prepare(
      `SELECT id, step, start FROM rollups WHERE id <= ? AND length(cells) > ?
         ORDER BY id DESC LIMIT ?`,
    )
    .all(Number(newest), MOST_UNDIVIDED * ROW_BYTES, limit);
  file.write(() => {
    const table = new RollUpTable(db);
    for (const { step, start } of rows) divideRollUp(table, Number(step), Number(start));
    if (rows.length < limit) db.prepare('DELETE FROM state WHERE key = ?').run(UNDIVIDED);
    else {
      const next = Number(rows.at(-1)?.id) - 1;
      db.prepare('UPDATE state SET value = ? WHERE key = ?').run(String(next), UNDIVIDED);
    }
  });
  return rows.length === limit;
}

function divideRollUp(table: RollUpTable, resolution: number, start: number): void {
  const slices = table.read(resolution, start);
  if (slices.length === 0) return;
  const sum = new RollUpBuilder();
  for (const slice of slices) sum.merge(slice);
  table.write(resolution, start, sum);
}
