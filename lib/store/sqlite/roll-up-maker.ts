import type { TimeRange } from '../../domain/access';
import { unpackHits } from '../../rollup/hit-block';
import type { Periods } from '../../rollup/periods';
import { countedPeriod, hasParts, partsAt, planRange } from '../../rollup/range-plan';
import { HOURLY, RESOLUTIONS, startOf } from '../../rollup/resolutions';
import { hitsIn, type PackedRollUp, unpackRollUp } from '../../rollup/roll-up';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import type { Database } from './driver';
import type { SqliteFile } from './file';
import { IS_LONGER } from './roll-up-writer';

/** How many roll-ups of another time zone are deleted in one call. */
const STALE_PER_CALL = 500;

/**
 * Makes up to `limit` roll-ups of periods that are over, from shorter ones, and then deletes those of periods that the
 * time zone no longer has; returns true while there is more to do. The numbers are right at every moment: a missing
 * roll-up is made up of shorter ones.
 */
export function makeRollUps(
  file: SqliteFile,
  periods: Periods,
  now: number,
  limit: number,
): boolean {
  const { db } = file;
  const catalog = new MakerCatalog(db);
  const hours = catalog.hours();
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined) return false;
  const stored = catalog.longer();
  const current = new Set<string>();
  let made = 0;
  for (const [i, resolution] of RESOLUTIONS.entries()) {
    const finer = RESOLUTIONS[i - 1];
    if (finer === undefined) continue;
    let at = 0;
    for (const period of periods.of({ from: first, to: last + HOURLY }, resolution)) {
      for (const time of [period.from, period.to])
        for (const part of partsAt(time)) current.add(keyOf(part));
      if (period.to > now) break;
      while ((hours[at] ?? last) + HOURLY <= period.from) at++;
      if ((hours[at] ?? period.to) >= period.to) continue;
      if (stored.has(keyOf(period))) {
        current.add(keyOf(period));
        continue;
      }
      const counted = countedPeriod(period, catalog);
      current.add(keyOf(counted));
      if (stored.has(keyOf(counted))) continue;
      file.write(() => makeRollUp(db, counted, finer, catalog, periods));
      if (++made >= limit) return true;
    }
  }
  const stale = [...stored].filter(([key]) => !current.has(key)).slice(0, STALE_PER_CALL);
  const remove = db.prepare('DELETE FROM rollups WHERE id = ?');
  if (stale.length > 0) {
    file.write(() => {
      for (const [, id] of stale) remove.run(id);
    });
  }
  return stale.length === STALE_PER_CALL;
}

const keyOf = ({ from, to }: TimeRange) => `${to - from} ${from}`;

/** Makes the roll-up of a period; use inside a transaction. */
function makeRollUp(
  db: Database,
  period: TimeRange,
  finer: number,
  catalog: MakerCatalog,
  periods: Periods,
): void {
  for (const time of [period.from, period.to]) makeParts(db, time, catalog);
  const sum = new RollUpBuilder();
  const plan = planRange(period, finer, catalog, periods);
  for (const { resolution, start } of plan.rollUps) {
    const part = catalog.read(resolution, start);
    if (part) sum.merge(unpackRollUp(part));
  }
  for (const { hour, from, to } of plan.partialHours) {
    addHits(sum, catalog, hour, { from, to });
  }
  write(db, period, sum);
}

/**
 * Counts the hour around a time in two parts, while its hits are kept: so that what was made of the one is never in the
 * other, too.
 */
function makeParts(db: Database, time: number, catalog: MakerCatalog): void {
  const hour = startOf(time, HOURLY);
  if (hasParts(time, catalog) || !catalog.hasHits(hour)) return;
  for (const part of partsAt(time)) {
    const sum = new RollUpBuilder();
    addHits(sum, catalog, hour, part);
    write(db, part, sum);
  }
}

/** Counts the hits of a part of an hour. */
function addHits(sum: RollUpBuilder, catalog: MakerCatalog, hour: number, part: TimeRange): void {
  for (const block of catalog.blocks(hour)) {
    sum.addBlock(unpackHits(block), { from: part.from - hour, to: part.to - hour });
  }
}

function write(db: Database, { from, to }: TimeRange, sum: RollUpBuilder): void {
  const { rows, details } = sum.pack();
  db.prepare(
    'INSERT OR REPLACE INTO rollups (step, start, cells, details) VALUES (?, ?, ?, ?)',
  ).run(to - from, from, rows, details);
}

/** The roll-ups and hits that there are, read without being remembered. */
class MakerCatalog {
  private readonly readId;
  private readonly readRollUp;

  constructor(private readonly db: Database) {
    this.readId = db.prepare('SELECT id FROM rollups WHERE step = ? AND start = ?');
    this.readRollUp = db.prepare(
      'SELECT cells AS rows, details FROM rollups WHERE step = ? AND start = ?',
    );
  }

  hours(): number[] {
    const rows = this.db.prepare('SELECT start FROM rollups WHERE step = ? ORDER BY start');
    return rows.all(HOURLY).map(({ start }) => Number(start));
  }

  /** Returns the ids of all others, by length and start. */
  longer(): Map<string, number> {
    const rows = this.db.prepare(`SELECT id, step, start FROM rollups WHERE ${IS_LONGER}`).all();
    return new Map(rows.map(({ id, step, start }) => [`${step} ${start}`, Number(id)]));
  }

  rollUpId(length: number, start: number): number | undefined {
    const id = this.readId.get(length, start)?.id;
    return id === undefined ? undefined : Number(id);
  }

  read(length: number, start: number): PackedRollUp | undefined {
    return this.readRollUp.get(length, start) as PackedRollUp | undefined;
  }

  /** Returns whether all hits of an hour are kept: a late one may be the only one that is. */
  hasHits(hour: number): boolean {
    const row = this.db.prepare('SELECT SUM(n) AS n FROM hit_blocks WHERE hour = ?').get(hour);
    const stored = this.read(HOURLY, hour);
    return row?.n != null && stored !== undefined && hitsIn(stored) === Number(row.n);
  }

  blocks(hour: number): Uint8Array[] {
    const rows = this.db.prepare('SELECT hits FROM hit_blocks WHERE hour = ?').all(hour);
    return rows.map(({ hits }) => hits as Uint8Array);
  }
}
