import { HOURLY, RESOLUTIONS, startOf } from '../../rollup/resolutions';
import { type PackedRollUp, unpackRollUp } from '../../rollup/roll-up';
import type { RollUpBuilder } from '../../rollup/roll-up-builder';
import type { Database } from './driver';

/**
 * Adds counts to the roll-up of an hour; use inside a transaction. Longer roll-ups made of it are deleted, to be made
 * again.
 */
export function writeHourlyRollUp(db: Database, hour: number, counts: RollUpBuilder): void {
  const before = db
    .prepare('SELECT cells AS rows, details FROM rollups WHERE step = ? AND start = ?')
    .get(HOURLY, hour);
  if (before) counts.merge(unpackRollUp(before as PackedRollUp));
  const { rows, details } = counts.pack();
  db.prepare(
    'INSERT OR REPLACE INTO rollups (step, start, cells, details) VALUES (?, ?, ?, ?)',
  ).run(HOURLY, hour, rows, details);
  const drop = db.prepare('DELETE FROM rollups WHERE step = ? AND start = ?');
  for (const coarser of RESOLUTIONS.slice(1)) drop.run(coarser, startOf(hour, coarser));
}
