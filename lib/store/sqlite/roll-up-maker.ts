import type { TimeRange } from '../../domain/access';
import { unpackHits } from '../../rollup/hit-block';
import type { Periods } from '../../rollup/periods';
import { countedPeriod, hasParts, partsAt, planRange } from '../../rollup/range-plan';
import { HOURLY, RESOLUTIONS, startOf } from '../../rollup/resolutions';
import { type PackedRollUp, unpackRollUp, unpackRows } from '../../rollup/roll-up';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import type { Database } from './driver';
import type { SqliteFile } from './file';

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
  for (const { resolution, start } of planRange(period, finer, catalog, periods).rollUps) {
    const part = catalog.read(resolution, start);
    if (part) sum.merge(unpackRollUp(part));
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
  const blocks = catalog.blocks(hour).map(unpackHits);
  for (const part of partsAt(time)) {
    const sum = new RollUpBuilder();
    for (const block of blocks) sum.addBlock(block, { from: part.from - hour, to: part.to - hour });
    write(db, part, sum);
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
  constructor(private readonly db: Database) {}

  hours(): number[] {
    const rows = this.db.prepare('SELECT start FROM rollups WHERE step = ? ORDER BY start');
    return rows.all(HOURLY).map(({ start }) => Number(start));
  }

  /** Returns the ids of all others, by length and start. */
  longer(): Map<string, number> {
    const rows = this.db.prepare('SELECT id, step, start FROM rollups WHERE step <> ?').all(HOURLY);
    return new Map(rows.map(({ id, step, start }) => [`${step} ${start}`, Number(id)]));
  }

  rollUpId(length: number, start: number): number | undefined {
    const row = this.db.prepare('SELECT id FROM rollups WHERE step = ? AND start = ?');
    const id = row.get(length, start)?.id;
    return id === undefined ? undefined : Number(id);
  }

  read(length: number, start: number): PackedRollUp | undefined {
    return this.db
      .prepare('SELECT cells AS rows, details FROM rollups WHERE step = ? AND start = ?')
      .get(length, start) as PackedRollUp | undefined;
  }

  /** Returns whether all hits of an hour are kept: a late one may be the only one that is. */
  hasHits(hour: number): boolean {
    const row = this.db.prepare('SELECT SUM(n) AS n FROM hit_blocks WHERE hour = ?').get(hour);
    const stored = this.read(HOURLY, hour);
    if (!row?.n || !stored) return false;
    const { n, columns } = unpackRows(stored.rows);
    return columns.hits.subarray(0, n).reduce((sum, hits) => sum + hits, 0) === Number(row.n);
  }

  blocks(hour: number): Uint8Array[] {
    const rows = this.db.prepare('SELECT hits FROM hit_blocks WHERE hour = ?').all(hour);
    return rows.map(({ hits }) => hits as Uint8Array);
  }
}
