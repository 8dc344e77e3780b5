import type { TimeRange } from '../../domain/access';
import { COARSEST, HOURLY } from '../../rollup/resolutions';
import type { RollUpBuilder } from '../../rollup/roll-up-builder';
import { DAY } from '../../util/time';
import type { Database } from './driver';
import { RollUpTable } from './roll-up-table';

/** No period is longer: a week in which clocks are set back has some hours more. */
const LONGEST = COARSEST + DAY;
/** Which roll-ups are not of hours; by a literal, since only so does SQLite use their index. */
export const IS_LONGER = `step <> ${HOURLY}`;

/** Writes the roll-ups of hours; use inside a transaction. */
export class RollUpWriter {
  readonly table: RollUpTable;
  private readonly drop;

  constructor(db: Database) {
    this.table = new RollUpTable(db);
    this.drop = db.prepare(
      `DELETE FROM rollups WHERE start > ? AND start < ? AND start + step > ? AND ${IS_LONGER}`,
    );
  }

  /** Adds counts to the roll-up of an hour. Longer ones made of it are deleted, to be made again. */
  addToHour(hour: number, counts: RollUpBuilder): void {
    for (const slice of this.table.read(HOURLY, hour)) counts.merge(slice);
    this.table.write(HOURLY, hour, counts);
    this.dropLonger({ from: hour, to: hour + HOURLY });
  }

  /** Deletes the longer roll-ups, and those of parts of hours, that touch a range. */
  dropLonger({ from, to }: TimeRange): void {
    this.drop.run(from - LONGEST, to, from);
  }
}

/** Deletes the roll-ups of what is past retention, epoch milliseconds; use inside a transaction. */
export function pruneRollUps(db: Database, before: number): void {
  db.prepare(`DELETE FROM rollups WHERE step = ${HOURLY} AND start <= ?`).run(before - HOURLY);
  db.prepare(`DELETE FROM rollups WHERE start < ?1 AND start + step <= ?1 AND ${IS_LONGER}`).run(
    before,
  );
}
