import type { AccessFilter, NamedHit, TimeRange, Usage, UsageTotals } from '../domain/access';
import type { PathSpeed } from '../domain/connection';
import { unpackCells } from './cells';
import { type Dictionaries, DictionaryReader } from './dictionaries';
import { type HitBlock, hitAt, isBot, unpackHits } from './hit-block';
import { cover, FINEST, STEPS, seriesStep, startOf } from './ladder';
import type { Database } from './sqlite-driver';
import { readPathSpans, SpeedByPath } from './sqlite-paths';
import { counted, matcher, UsageSum } from './usage-sum';

type Cursor = { time: number; file: number; offset: number };

/** Answers questions from roll-ups and hit blocks. A question costs by the length of its range, not of the history. */
export class Queries {
  private readonly dictionaries: DictionaryReader;

  constructor(private readonly db: Database) {
    this.dictionaries = new DictionaryReader(db);
  }

  usage(range: TimeRange, filter: AccessFilter): Usage {
    return this.sum(range, filter, seriesStep(range)).usage();
  }

  totals(range: TimeRange, filter: AccessFilter): UsageTotals {
    return this.sum(range, filter, STEPS[STEPS.length - 1] ?? FINEST).totals();
  }

  /** The newest hits of the range, before `after` when given, and whether there are more. */
  hits(range: TimeRange, filter: AccessFilter, limit: number, after: Cursor | null) {
    const names = this.dictionaries.read();
    const found: (Cursor & { block: HitBlock; row: number; hour: number })[] = [];
    const last = after ? Math.min(range.to, after.time + 1) : range.to;
    for (const hour of this.hoursBackwards(range.from, last)) {
      if (found.length > limit) break;
      if (!this.mayMatch(hour, filter, names)) continue;
      const inHour: typeof found = [];
      for (const block of this.blocks(hour)) {
        for (const row of matchingRows(block, hour, range, filter, names)) {
          const { file, offset, time } = block.columns;
          const at = {
            time: hour + (time[row] ?? 0),
            file: file[row] ?? 0,
            offset: offset[row] ?? 0,
          };
          if (after && newerFirst(at, after) <= 0) continue;
          inHour.push({ ...at, block, row, hour });
        }
      }
      found.push(...inHour.sort(newerFirst).slice(0, limit + 1));
    }
    const page = found.slice(0, limit);
    const end = page.at(-1);
    return {
      hits: page.map(({ block, row, hour }) => named(block, row, hour, names)),
      next: found.length > limit && end ? end : null,
    };
  }

  /** Response times by endpoint and path; costs by the raw hits of the range. */
  speedByPath(range: TimeRange): PathSpeed[] {
    const nodeOf: string[] = [];
    const visitors = this.db.prepare('SELECT id, node_id FROM visitors WHERE node_id IS NOT NULL');
    for (const row of visitors.all()) nodeOf[Number(row.id)] = String(row.node_id);
    const speed = new SpeedByPath(readPathSpans(this.db, null, range), nodeOf);
    for (const hour of this.hoursBackwards(range.from, range.to)) {
      for (const block of this.blocks(hour)) speed.add(block, hour, range);
    }
    return speed.result(this.dictionaries.read().endpoints);
  }

  private sum(range: TimeRange, filter: AccessFilter, coarsest: number): UsageSum {
    const names = this.dictionaries.read();
    const sum = new UsageSum(names, filter, range, coarsest);
    const starts = this.db.prepare(
      'SELECT start FROM rollups WHERE step = ? AND start > ? AND start < ?',
    );
    const known = new Map<number, Set<number>>();
    const pieces = cover(range, coarsest, (step) => {
      let set = known.get(step);
      if (!set) {
        const rows = starts.all(step, range.from - step, range.to);
        set = new Set(rows.map((row) => Number(row.start)));
        known.set(step, set);
      }
      return set;
    });
    const read = this.db.prepare('SELECT cells FROM rollups WHERE step = ? AND start = ?');
    const addRollUp = (step: number, start: number) => {
      const row = read.get(step, start);
      if (row) sum.addCells(unpackCells(row.cells as Uint8Array), start);
    };
    for (const { step, start } of pieces.rollups) addRollUp(step, start);
    for (const { start } of pieces.cut) {
      let blocks = 0;
      for (const block of this.blocks(start)) {
        sum.addHits(block, start, range);
        blocks++;
      }
      // Past the retention of raw hits the range is rounded outwards, to the hour.
      if (blocks === 0) addRollUp(FINEST, start);
    }
    return sum;
  }

  private *blocks(hour: number): Generator<HitBlock> {
    const rows = this.db.prepare('SELECT hits FROM hit_blocks WHERE hour = ?').all(hour);
    for (const row of rows) yield unpackHits(row.hits as Uint8Array);
  }

  /** The hours that have raw hits, newest first, looked up one by one: most callers stop early. */
  private *hoursBackwards(from: number, to: number): Generator<number> {
    const before = this.db.prepare(
      'SELECT MAX(hour) AS hour FROM hit_blocks WHERE hour < ? AND hour >= ?',
    );
    const first = startOf(from, FINEST);
    for (let end = to; ; ) {
      const hour = before.get(end, first)?.hour;
      if (hour === null || hour === undefined) return;
      end = Number(hour);
      yield end;
    }
  }

  /** False when the hour's roll-up shows that nothing in it matches: its hits need not be read. */
  private mayMatch(hour: number, filter: AccessFilter, names: Dictionaries): boolean {
    const { user, device, endpoint, status } = filter;
    if (user === undefined && device === undefined && endpoint === undefined && !status)
      return true;
    const row = this.db
      .prepare('SELECT cells FROM rollups WHERE step = ? AND start = ?')
      .get(FINEST, hour);
    if (!row) return true;
    const { n, cells } = unpackCells(row.cells as Uint8Array);
    const match = matcher(filter, names);
    for (let i = 0; i < n; i++) {
      if (
        match.endpoint(cells.endpoint[i] ?? 0) &&
        match.status(cells.status[i] ?? 0) &&
        counted(match, cells.visitor[i] ?? 0)
      )
        return true;
    }
    return false;
  }
}

/** Negative when `a` comes before `b` in a list of the newest first. */
function newerFirst(a: Cursor, b: Cursor): number {
  return b.time - a.time || b.file - a.file || b.offset - a.offset;
}

function* matchingRows(
  block: HitBlock,
  hour: number,
  range: TimeRange,
  filter: AccessFilter,
  names: Dictionaries,
): Generator<number> {
  const match = matcher(filter, names);
  const { visitor, endpoint, status, time } = block.columns;
  for (let i = 0; i < block.n; i++) {
    const t = hour + (time[i] ?? 0);
    if (t < range.from || t >= range.to) continue;
    if (!filter.bots && isBot(block, i)) continue;
    if (!match.endpoint(endpoint[i] ?? 0) || !match.status(status[i] ?? 0)) continue;
    if (counted(match, visitor[i] ?? 0)) yield i;
  }
}

function named(block: HitBlock, row: number, hour: number, names: Dictionaries): NamedHit {
  const { place: _, ...hit } = hitAt(block, row, hour);
  const visitor = block.columns.visitor[row] ?? 0;
  const ip = hit.ip ?? names.ip[visitor] ?? '';
  const device = names.devices[names.device[visitor] ?? 0]?.device ?? ip;
  return {
    ...hit,
    ip,
    endpoint: names.endpoints[block.columns.endpoint[row] ?? 0] ?? '',
    user: names.users[names.user[visitor] ?? 0]?.user ?? '',
    device: names.kind[visitor] === 'other' ? ip : device,
    bot: hit.client === 'bot',
  };
}
