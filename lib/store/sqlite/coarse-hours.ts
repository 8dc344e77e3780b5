import { unpackHits } from '../../rollup/hit-block';
import { COARSEST, HOURLY, startOf } from '../../rollup/resolutions';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import type { Database } from './driver';
import type { SqliteFile } from './file';
import { RollUpWriter } from './roll-up-writer';

/**
 * Counts up to `limit` hours again whose response times an earlier version counted in coarser buckets; returns true
 * while there are more. Each in a transaction of its own, so that it goes on where it was interrupted. Longer roll-ups
 * stay until all hours of their week are done, and are then made again.
 */
export function recountHours(file: SqliteFile, limit: number): boolean {
  const { db } = file;
  const rollUps = new RollUpWriter(db);
  const hours = db.prepare('SELECT hour FROM coarse_hours ORDER BY hour LIMIT ?').all(limit + 1);
  for (const [i, row] of hours.slice(0, limit).entries()) {
    const hour = Number(row.hour);
    const next = hours[i + 1];
    const week = startOf(hour, COARSEST);
    const isLast = !next || startOf(Number(next.hour), COARSEST) !== week;
    file.write(() => {
      recountHour(db, rollUps, hour);
      db.prepare('DELETE FROM coarse_hours WHERE hour = ?').run(hour);
      if (isLast) rollUps.dropLonger({ from: week, to: week + COARSEST });
    });
  }
  return hours.length > limit;
}

/** Makes the roll-up of an hour from its hits, unless some of them are gone. */
function recountHour(db: Database, { table }: RollUpWriter, hour: number): void {
  const stored = table.hits(HOURLY, hour);
  if (stored === undefined) return;
  const counted = new RollUpBuilder();
  let n = 0;
  for (const row of db.prepare('SELECT hits FROM hit_blocks WHERE hour = ?').all(hour)) {
    const block = unpackHits(row.hits as Uint8Array);
    counted.addBlock(block);
    n += block.n;
  }
  if (n === stored) table.write(HOURLY, hour, counted);
}
