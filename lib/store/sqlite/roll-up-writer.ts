import { FINEST, STEPS, startOf } from '../../rollup/resolutions';
import { type CellTable, type PackedCells, unpackAll } from '../../rollup/roll-up';
import type { Database } from './driver';

/**
 * Adds counts to the roll-up of an hour; to be used inside a transaction. The coarser roll-ups made of it are dropped, to be
 * made again.
 */
export function writeHourlyRollUp(db: Database, hour: number, cells: CellTable): void {
  const before = db
    .prepare('SELECT cells, details FROM rollups WHERE step = ? AND start = ?')
    .get(FINEST, hour);
  if (before) cells.merge(unpackAll(before as PackedCells));
  const packed = cells.pack();
  db.prepare(
    'INSERT OR REPLACE INTO rollups (step, start, cells, details) VALUES (?, ?, ?, ?)',
  ).run(FINEST, hour, packed.cells, packed.details);
  const drop = db.prepare('DELETE FROM rollups WHERE step = ? AND start = ?');
  for (const step of STEPS.slice(1)) drop.run(step, startOf(hour, step));
}
