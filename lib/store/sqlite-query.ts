import type { AccessFilter, NamedHit, TimeRange, Usage, UsageTotals } from '../domain/access';
import type { PathSpeed } from '../domain/connection';
import { type PackedCells, unpackCells, unpackDetails } from './cells';
import { type Dictionaries, DictionaryReader } from './dictionaries';
import { type HitBlock, hitAt, unpackHits } from './hit-block';
import { type Cover, cover, FINEST, type Piece, STEPS, seriesStep, startOf } from './ladder';
import { addMatching, type Cursor, type Found, Newest } from './newest-hits';
import type { Database } from './sqlite-driver';
import { readPathSpans, SpeedByPath } from './sqlite-paths';
import {
  byteLength,
  counted,
  type Matcher,
  matcher,
  type RangeSum,
  TotalsSum,
  UsageSum,
} from './usage-sum';

/** How many bytes of sums are remembered: some dozens, those of a few open pages. */
const BYTES_REMEMBERED = 4 * 1024 * 1024;
const FILTERS_REMEMBERED = 32;
const COARSEST = STEPS[STEPS.length - 1] ?? FINEST;

/** Answers questions from roll-ups and hit blocks. A question costs by the length of its range, not of the history. */
export class Queries {
  private readonly dictionaries: DictionaryReader;
  private readonly readCells;
  private readonly readAll;
  private readonly readBlocks;
  private readonly hoursBefore;
  private readonly readStarts;
  /** By question, the one asked longest ago first. */
  private readonly sums = new Map<string, RangeSum>();
  private sumBytes = 0;
  /** By filter: whether the roll-up of an id has something that matches. */
  private readonly hourMatches = new Map<string, Map<number, boolean>>();

  constructor(private readonly db: Database) {
    this.dictionaries = new DictionaryReader(db);
    this.readCells = db.prepare('SELECT cells FROM rollups WHERE step = ? AND start = ?');
    this.readAll = db.prepare('SELECT cells, details FROM rollups WHERE step = ? AND start = ?');
    this.readBlocks = db.prepare('SELECT hits FROM hit_blocks WHERE hour = ?');
    this.hoursBefore = db.prepare(
      'SELECT DISTINCT hour FROM hit_blocks WHERE hour < ? AND hour >= ? ORDER BY hour DESC LIMIT ?',
    );
    this.readStarts = db.prepare(
      'SELECT start, id FROM rollups WHERE step = ? AND start > ? AND start < ?',
    );
  }

  usage(range: TimeRange, filter: AccessFilter): Usage {
    const step = seriesStep(range);
    const names = this.dictionaries.read();
    const rollups = this.rollupsIn(range);
    const fine = cover(range, step, rollups);
    // Sizes and response times are in no series: the fewest and coarsest roll-ups do.
    const coarse = cover(range, COARSEST, rollups);
    const points = [step, startOf(range.from, step), Math.ceil(range.to / step)];
    const pieces = [...fine.rollups, ...coarse.rollups];
    const sum = this.closed(['usage', points, filter], names, rollups, pieces, () => {
      const closed = new UsageSum(names, filter, range, step);
      for (const { step, start } of fine.rollups) this.addCells(step, start, closed);
      for (const { step, start } of coarse.rollups) this.addDetails(step, start, closed);
      return closed;
    });
    this.addCut(fine, range, sum);
    return sum.usage();
  }

  totals(range: TimeRange, filter: AccessFilter): UsageTotals {
    const names = this.dictionaries.read();
    const rollups = this.rollupsIn(range);
    const covered = cover(range, COARSEST, rollups);
    const sum = this.closed(['totals', filter], names, rollups, covered.rollups, () => {
      const closed = new TotalsSum(names, filter);
      for (const { step, start } of covered.rollups) this.addCells(step, start, closed);
      return closed;
    });
    this.addCut(covered, range, sum);
    return sum.totals();
  }

  /** The newest hits of the range, before `after` when given, and whether there are more. */
  hits(range: TimeRange, filter: AccessFilter, limit: number, after: Cursor | null) {
    const names = this.dictionaries.read();
    const match = matcher(filter, names);
    const found: Found[] = [];
    const last = after ? Math.min(range.to, after.time + 1) : range.to;
    const mayMatch = this.hourFilter({ from: range.from, to: last }, filter, names, match);
    for (const hour of this.hoursBackwards(range.from, last)) {
      if (found.length > limit) break;
      if (!mayMatch(hour)) continue;
      const inHour: Newest = new Newest(limit + 1);
      for (const block of this.blocks(hour)) {
        addMatching(inHour, block, hour, { from: range.from, to: last }, filter, match, after);
      }
      found.push(...inHour.sorted());
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

  /**
   * The sum of the roll-ups of a question. A page asks the same question every few seconds, and all that changes is the
   * hour under way: the rest is remembered until one of its roll-ups is written anew, which gives it another id.
   */
  private closed<S extends RangeSum>(
    question: unknown[],
    names: Dictionaries,
    rollups: (step: number) => ReadonlyMap<number, number>,
    pieces: Piece[],
    add: () => S,
  ): S {
    const ids = pieces.map(({ step, start }) => rollups(step).get(start));
    const key = JSON.stringify([question, names.version, ids]);
    const known = this.sums.get(key) as S | undefined;
    const sum = known ?? add();
    if (known) this.sums.delete(key);
    else this.sumBytes += byteLength(sum);
    this.sums.set(key, sum);
    for (const [oldest, forgotten] of this.sums) {
      if (this.sumBytes <= BYTES_REMEMBERED) break;
      this.sums.delete(oldest);
      this.sumBytes -= byteLength(forgotten);
    }
    return sum.copy();
  }

  /** The roll-ups that reach into the range: their ids by their starts, looked up when asked for. */
  private rollupsIn(range: TimeRange): (step: number) => ReadonlyMap<number, number> {
    const known = new Map<number, Map<number, number>>();
    return (step) => {
      let found = known.get(step);
      if (!found) {
        const rows = this.readStarts.all(step, range.from - step, range.to);
        found = new Map(rows.map((row) => [Number(row.start), Number(row.id)]));
        known.set(step, found);
      }
      return found;
    };
  }

  /** The hours that the range cuts, or that are not over. */
  private addCut({ cut }: Cover, range: TimeRange, sum: RangeSum): void {
    for (const { start } of cut) {
      let blocks = 0;
      for (const block of this.blocks(start)) {
        sum.addHits(block, start, range);
        blocks++;
      }
      if (blocks > 0) continue;
      // Past the retention of raw hits the range is rounded outwards, to the hour.
      this.addCells(FINEST, start, sum);
      if (sum instanceof UsageSum) this.addDetails(FINEST, start, sum);
    }
  }

  private addCells(step: number, start: number, sum: RangeSum): void {
    const row = this.readCells.get(step, start);
    if (row) sum.addCells(unpackCells(row.cells as Uint8Array), start);
  }

  private addDetails(step: number, start: number, sum: UsageSum): void {
    const row = this.readAll.get(step, start) as PackedCells | undefined;
    if (row) sum.addDetails(unpackCells(row.cells), unpackDetails(row.details));
  }

  private *blocks(hour: number): Generator<HitBlock> {
    for (const row of this.readBlocks.all(hour)) yield unpackHits(row.hits as Uint8Array);
  }

  /** The hours that have raw hits, newest first, looked up a few at a time: most callers stop early. */
  private *hoursBackwards(from: number, to: number): Generator<number> {
    const first = startOf(from, FINEST);
    for (let end = to, count = 2; ; count = Math.min(128, count * 4)) {
      const rows = this.hoursBefore.all(end, first, count);
      for (const row of rows) {
        end = Number(row.hour);
        yield end;
      }
      if (rows.length < count) return;
    }
  }

  /**
   * Says of an hour whether something in it may match, so that the hits of the others need not be read. What a roll-up
   * showed is remembered by its id for the filters asked for last.
   */
  private hourFilter(
    range: TimeRange,
    filter: AccessFilter,
    names: Dictionaries,
    match: Matcher,
  ): (hour: number) => boolean {
    const { user, device, endpoint, status } = filter;
    if (user === undefined && device === undefined && endpoint === undefined && !status)
      return () => true;
    const key = JSON.stringify([filter, names.version]);
    const seen = this.hourMatches.get(key) ?? new Map<number, boolean>();
    this.hourMatches.delete(key);
    this.hourMatches.set(key, seen);
    const [oldest] = this.hourMatches.keys();
    if (this.hourMatches.size > FILTERS_REMEMBERED && oldest !== undefined)
      this.hourMatches.delete(oldest);
    const ids = this.rollupsIn(range)(FINEST);
    return (hour) => {
      const id = ids.get(hour);
      if (id === undefined) return true;
      const matches = seen.get(id) ?? this.hourMatchesFilter(hour, match);
      seen.set(id, matches);
      return matches;
    };
  }

  private hourMatchesFilter(hour: number, match: Matcher): boolean {
    const row = this.readCells.get(FINEST, hour);
    if (!row) return true;
    const { n, cells } = unpackCells(row.cells as Uint8Array);
    for (let i = 0; i < n; i++) {
      if (match.endpoint[cells.endpoint[i] ?? 0] !== 1) continue;
      if (match.status[cells.status[i] ?? 0] !== 1) continue;
      if (counted(match, cells.visitor[i] ?? 0)) return true;
    }
    return false;
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
