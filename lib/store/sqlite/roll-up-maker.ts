import type { TimeRange } from '../../domain/access';
import { unpackHits } from '../../rollup/hit-block';
import type { Periods } from '../../rollup/periods';
import { countedPeriod, hasParts, partsAt, planRange } from '../../rollup/range-plan';
import { HOURLY, RESOLUTIONS, startOf } from '../../rollup/resolutions';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import type { Database } from './driver';
import type { SqliteFile } from './file';
import { RollUpTable } from './roll-up-table';
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
      file.write(() => makeRollUp(counted, finer, catalog, periods));
      if (++made >= limit) return true;
    }
  }
  const stale = [...stored].filter(([key]) => !current.has(key)).slice(0, STALE_PER_CALL);
  if (stale.length > 0) {
    file.write(() => {
      for (const [, { from, to }] of stale) catalog.table.delete(to - from, from);
    });
  }
  return stale.length === STALE_PER_CALL;
}

const keyOf = ({ from, to }: TimeRange) => `${to - from} ${from}`;

/** Makes the roll-up of a period; use inside a transaction. */
function makeRollUp(
  period: TimeRange,
  finer: number,
  catalog: MakerCatalog,
  periods: Periods,
): void {
  for (const time of [period.from, period.to]) makeParts(time, catalog);
  const sum = new RollUpBuilder();
  const plan = planRange(period, finer, catalog, periods);
  for (const { resolution, start } of plan.rollUps) {
    for (const slice of catalog.table.read(resolution, start)) sum.merge(slice);
  }
  for (const { hour, from, to } of plan.partialHours) {
    addHits(sum, catalog, hour, { from, to });
  }
  write(catalog, period, sum);
}

/**
 * Counts the hour around a time in two parts, while its hits are kept: so that what was made of the one is never in the
 * other, too.
 */
function makeParts(time: number, catalog: MakerCatalog): void {
  const hour = startOf(time, HOURLY);
  if (hasParts(time, catalog) || !catalog.hasHits(hour)) return;
  for (const part of partsAt(time)) {
    const sum = new RollUpBuilder();
    addHits(sum, catalog, hour, part);
    write(catalog, part, sum);
  }
}

/** Counts the hits of a part of an hour. */
function addHits(sum: RollUpBuilder, catalog: MakerCatalog, hour: number, part: TimeRange): void {
  for (const block of catalog.blocks(hour)) {
    sum.addBlock(unpackHits(block), { from: part.from - hour, to: part.to - hour });
  }
}

function write({ table }: MakerCatalog, { from, to }: TimeRange, sum: RollUpBuilder): void {
  table.write(to - from, from, sum);
}

/** The roll-ups and hits that there are, read without being remembered. */
class MakerCatalog {
  readonly table: RollUpTable;
  private readonly readId;

  constructor(private readonly db: Database) {
    this.table = new RollUpTable(db);
    this.readId = db.prepare('SELECT id FROM rollups WHERE step = ? AND start = ?');
  }

  hours(): number[] {
    const rows = this.db.prepare(
      'SELECT DISTINCT start FROM rollups WHERE step = ? ORDER BY start',
    );
    return rows.all(HOURLY).map(({ start }) => Number(start));
  }

  /** Returns the periods of all others, by length and start. */
  longer(): Map<string, TimeRange> {
    const rows = this.db.prepare(`SELECT DISTINCT step, start FROM rollups WHERE ${IS_LONGER}`);
    const periods = rows.all().map(({ step, start }) => {
      const from = Number(start);
      return { from, to: from + Number(step) };
    });
    return new Map(periods.map((period) => [keyOf(period), period]));
  }

  rollUpId(length: number, start: number): number | undefined {
    const id = this.readId.get(length, start)?.id;
    return id === undefined ? undefined : Number(id);
  }

  /** Returns whether all hits of an hour are kept: a late one may be the only one that is. */
  hasHits(hour: number): boolean {
    const row = this.db.prepare('SELECT SUM(n) AS n FROM hit_blocks WHERE hour = ?').get(hour);
    return row?.n != null && this.table.hits(HOURLY, hour) === Number(row.n);
  }

  blocks(hour: number): Uint8Array[] {
    const rows = this.db.prepare('SELECT hits FROM hit_blocks WHERE hour = ?').all(hour);
    return rows.map(({ hits }) => hits as Uint8Array);
  }
}
