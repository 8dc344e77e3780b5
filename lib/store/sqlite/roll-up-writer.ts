import type { TimeRange } from '../../domain/access';
import { COARSEST, HOURLY } from '../../rollup/resolutions';
import { type PackedRollUp, unpackRollUp } from '../../rollup/roll-up';
import type { RollUpBuilder } from '../../rollup/roll-up-builder';
import { DAY } from '../../util/time';
import type { Database } from './driver';

/** No period is longer: a week in which clocks are set back has some hours more. */
const LONGEST = COARSEST + DAY;
/** Which roll-ups are not of hours; by a literal, since only so does SQLite use their index. */
export const IS_LONGER = `step <> ${HOURLY}`;

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
  dropRollUps(db, { from: hour, to: hour + HOURLY });
}

/** Deletes the longer roll-ups, and those of parts of hours, that touch a range; use inside a transaction. */
export function dropRollUps(db: Database, { from, to }: TimeRange): void {
  db.prepare(
    `DELETE FROM rollups WHERE start > ? AND start < ? AND start + step > ? AND ${IS_LONGER}`,
  ).run(from - LONGEST, to, from);
}
