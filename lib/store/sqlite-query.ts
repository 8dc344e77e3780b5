import type { AccessFilter, NamedHit, TimeRange, Usage, UsageTotals } from '../domain/access';
import type { PathSpeed } from '../domain/connection';
import { type PackedCells, unpackCells, unpackDetails } from './cells';
import { type Dictionaries, DictionaryReader } from './dictionaries';
import { type HitBlock, hitAt, unpackHits } from './hit-block';
import { type Cover, cover, FINEST, type Piece, STEPS, seriesStep, startOf } from './ladder';
import { addMatching, type Cursor, isWanted, Newest } from './newest-hits';
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

/** How many bytes of sums are remembered, some dozens, those of a few open pages; and as many of raw hits. */
const BYTES_REMEMBERED = 4 * 1024 * 1024;
const FILTERS_REMEMBERED = 32;
/** So few hits of an hour are remembered, of so many hours a filter. */
const FEW = 16;
const HOURS_REMEMBERED = 1_000;
const COARSEST = STEPS[STEPS.length - 1] ?? FINEST;

/** Answers questions from roll-ups and hit blocks. A question costs by the length of its range, not of the history. */
export class Queries {
  private readonly dictionaries: DictionaryReader;
  private readonly readCells;
  private readonly readAll;
  private readonly readBlocks;
  private readonly hoursBefore;
  private readonly readFirst;
  private readonly readId;
  /** By question, the one asked longest ago first. */
  private readonly sums = new Map<string, RangeSum>();
  private sumBytes = 0;
  /** By hour, the one asked for longest ago first. `id`: that of the roll-up they were read with. */
  private readonly hourBlocks = new Map<
    number,
    { id: unknown; blocks: readonly HitBlock[]; bytes: number }
  >();
  private blockBytes = 0;
  /** By filter: what matches in the hour of a roll-up's id, newest first; `null`: too much to remember. */
  private readonly hourHits = new Map<string, Map<number, readonly Listed[] | null>>();

  constructor(private readonly db: Database) {
    this.dictionaries = new DictionaryReader(db);
    this.readCells = db.prepare('SELECT cells FROM rollups WHERE step = ? AND start = ?');
    this.readAll = db.prepare('SELECT cells, details FROM rollups WHERE step = ? AND start = ?');
    this.readBlocks = db.prepare('SELECT hits FROM hit_blocks WHERE hour = ?');
    this.hoursBefore = db.prepare(
      'SELECT DISTINCT hour FROM hit_blocks WHERE hour < ? AND hour >= ? ORDER BY hour DESC LIMIT ?',
    );
    this.readFirst = db.prepare('SELECT MIN(start) AS start FROM rollups WHERE step = ?');
    this.readId = db.prepare('SELECT id FROM rollups WHERE step = ? AND start = ?');
  }

  usage(range: TimeRange, filter: AccessFilter): Usage {
    const step = seriesStep(range);
    const names = this.dictionaries.read();
    const rollups = this.rollupIds();
    const kept = this.kept(range);
    const fine = cover(kept, step, rollups);
    // Sizes and response times are in no series: the fewest and coarsest roll-ups do.
    const coarse = cover(kept, COARSEST, rollups);
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
    const rollups = this.rollupIds();
    const covered = cover(this.kept(range), COARSEST, rollups);
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
    const last = after ? Math.min(range.to, after.time + 1) : range.to;
    const wanted = { from: range.from, to: last };
    const few = this.fewHits(filter, names, match);
    const found: Listed[] = [];
    for (const hour of this.hoursBackwards(range.from, last)) {
      if (found.length > limit) break;
      const inHour = few(hour)?.filter((hit) => isWanted(hit, wanted, after));
      if (inHour) found.push(...inHour);
      else found.push(...this.newestIn(hour, limit + 1, wanted, filter, match, after, names));
    }
    const page = found.slice(0, limit);
    const end = page.at(-1);
    return {
      hits: page.map(({ hit }) => hit),
      next: found.length > limit && end ? end : null,
    };
  }

  private newestIn(
    hour: number,
    most: number,
    range: TimeRange,
    filter: AccessFilter,
    match: Matcher,
    after: Cursor | null,
    names: Dictionaries,
  ): Listed[] {
    const newest: Newest = new Newest(most);
    for (const block of this.blocks(hour)) {
      addMatching(newest, block, hour, range, filter, match, after);
    }
    return newest.sorted().map(({ time, file, offset, block, row }) => ({
      ...{ time, file, offset },
      hit: named(block, row, hour, names),
    }));
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
    rollups: RollupIds,
    pieces: Piece[],
    add: () => S,
  ): S {
    const ids = pieces.map(({ step, start }) => rollups(step, start));
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

  /** The part of a range that there are roll-ups of: what lies before all of them need not be looked for hour by hour. */
  private kept({ from, to }: TimeRange): TimeRange {
    const first = this.readFirst.get(FINEST)?.start;
    return { from: Math.max(from, first == null ? to : Number(first)), to };
  }

  /** Looks roll-ups up one by one, the same ones once: a range is made up of a few dozen, whatever its length. */
  private rollupIds(): RollupIds {
    const known = new Map<number, Map<number, number | undefined>>(
      STEPS.map((step) => [step, new Map()]),
    );
    return (step, start) => {
      const ofStep = known.get(step);
      if (ofStep?.has(start)) return ofStep.get(start);
      const row = this.readId.get(step, start);
      const id = row && Number(row.id);
      ofStep?.set(start, id);
      return id;
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

  /**
   * The raw hits of an hour. Those read last are kept for as long as the hour's roll-up stays the same: the hours that
   * ranges begin and end in are asked for with every question, and are the largest things a question reads.
   */
  private blocks(hour: number): readonly HitBlock[] {
    const id = this.readId.get(FINEST, hour)?.id;
    const known = this.hourBlocks.get(hour);
    this.hourBlocks.delete(hour);
    const read = known && known.id === id ? known : this.readHour(hour, id);
    if (known !== read) this.blockBytes += read.bytes - (known?.bytes ?? 0);
    this.hourBlocks.set(hour, read);
    for (const [oldest, { bytes }] of this.hourBlocks) {
      if (this.blockBytes <= BYTES_REMEMBERED || oldest === hour) break;
      this.hourBlocks.delete(oldest);
      this.blockBytes -= bytes;
    }
    return read.blocks;
  }

  private readHour(hour: number, id: unknown) {
    const blobs = this.readBlocks.all(hour).map((row) => row.hits as Uint8Array);
    const bytes = blobs.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return { id, blocks: blobs.map(unpackHits), bytes };
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
   * Gives the hits of an hour that match a filter few of whose hits are in it, `undefined` for any other hour. What an
   * hour has is known from its roll-up before its hits are read, and remembered by the roll-up's id for the filters
   * asked for last: a page of a rare kind of hits reaches back over hundreds of hours.
   */
  private fewHits(
    filter: AccessFilter,
    names: Dictionaries,
    match: Matcher,
  ): (hour: number) => readonly Listed[] | undefined {
    const { user, device, endpoint, status } = filter;
    if (user === undefined && device === undefined && endpoint === undefined && !status)
      return () => undefined;
    const key = JSON.stringify([filter, names.version]);
    const seen = this.hourHits.get(key) ?? new Map<number, readonly Listed[] | null>();
    this.hourHits.delete(key);
    this.hourHits.set(key, seen);
    const [oldest] = this.hourHits.keys();
    if (this.hourHits.size > FILTERS_REMEMBERED && oldest !== undefined)
      this.hourHits.delete(oldest);
    const rollups = this.rollupIds();
    return (hour) => {
      const id = rollups(FINEST, hour);
      if (id === undefined) return undefined;
      const known = seen.get(id);
      if (known !== undefined) return known ?? undefined;
      const all = { from: hour, to: hour + FINEST };
      const hits =
        this.matchesIn(hour, filter, match) > FEW
          ? null
          : this.newestIn(hour, FEW, all, filter, match, null, names);
      if (seen.size < HOURS_REMEMBERED) seen.set(id, hits);
      return hits ?? undefined;
    };
  }

  /** How many hits of an hour match, as its roll-up has it. */
  private matchesIn(hour: number, filter: AccessFilter, match: Matcher): number {
    const row = this.readCells.get(FINEST, hour);
    if (!row) return 0;
    const { n, cells } = unpackCells(row.cells as Uint8Array);
    let hits = 0;
    for (let i = 0; i < n; i++) {
      if (match.endpoint[cells.endpoint[i] ?? 0] !== 1) continue;
      if (match.status[cells.status[i] ?? 0] !== 1) continue;
      if (!counted(match, cells.visitor[i] ?? 0) || (cells.bot[i] === 1 && !filter.bots)) continue;
      hits += cells.hits[i] ?? 0;
    }
    return hits;
  }
}

/** The id of the roll-up that starts then; a roll-up that is written anew has another. */
type RollupIds = (step: number, start: number) => number | undefined;
/** A hit as it is shown, and its place in the list. */
type Listed = Cursor & { hit: NamedHit };

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
