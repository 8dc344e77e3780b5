import type { AccessFilter, NamedHit, TimeRange, Usage, UsageTotals } from '../domain/access';
import type { PathSpan, PathSpeed } from '../domain/connection';
import { SpeedByPath } from '../store/sqlite/paths';
import {
  byteLength,
  counted,
  type Matcher,
  matcher,
  type RangeSum,
  TotalsSum,
  UsageSum,
} from './accumulators';
import type { Dictionaries } from './dictionaries';
import { type HitBlock, hitAt } from './hit-block';
import type { HitSource, RollUpId } from './hit-source';
import { addMatching, type Cursor, isWanted, Newest } from './newest-hits';
import { type Cover, cover, FINEST, type Piece, STEPS, seriesStep, startOf } from './resolutions';

/** How many bytes of sums are remembered: some dozens, those of a few open pages. */
const BYTES_REMEMBERED = 4 * 1024 * 1024;
const FILTERS_REMEMBERED = 32;
/** So few hits of an hour are remembered, of so many hours a filter. */
const FEW = 16;
const HOURS_REMEMBERED = 1_000;
const COARSEST = STEPS[STEPS.length - 1] ?? FINEST;

/** Answers questions from roll-ups and hit blocks. A question costs by the length of its range, not of the history. */
export class Queries {
  /** By question, the one asked longest ago first. */
  private readonly sums = new Map<string, RangeSum>();
  private sumBytes = 0;
  /** By filter: what matches in the hour of a roll-up's id, newest first; `null`: too much to remember. */
  private readonly hourHits = new Map<string, Map<RollUpId, readonly Listed[] | null>>();

  constructor(private readonly source: HitSource) {}

  usage(range: TimeRange, filter: AccessFilter): Usage {
    const step = seriesStep(range);
    const names = this.source.dictionaries();
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
    const names = this.source.dictionaries();
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
    const names = this.source.dictionaries();
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
    for (const block of this.source.blocks(hour)) {
      addMatching(newest, block, hour, range, filter, match, after);
    }
    return newest.sorted().map(({ time, file, offset, block, row }) => ({
      ...{ time, file, offset },
      hit: named(block, row, hour, names),
    }));
  }

  /** Response times by endpoint and path, by the paths of all nodes in the range; costs by its raw hits. */
  speedByPath(range: TimeRange, spans: readonly PathSpan[]): PathSpeed[] {
    const speed = new SpeedByPath(spans, this.source.nodes());
    for (const hour of this.hoursBackwards(range.from, range.to)) {
      for (const block of this.source.blocks(hour)) speed.add(block, hour, range);
    }
    return speed.result(this.source.dictionaries().endpoints);
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
    return { from: Math.max(from, this.source.firstHour() ?? to), to };
  }

  /** Looks roll-ups up one by one, the same ones once: a range is made up of a few dozen, whatever its length. */
  private rollupIds(): RollupIds {
    const known = new Map<number, Map<number, RollUpId | undefined>>(
      STEPS.map((step) => [step, new Map()]),
    );
    return (step, start) => {
      const ofStep = known.get(step);
      if (ofStep?.has(start)) return ofStep.get(start);
      const id = this.source.rollUpId(step, start);
      ofStep?.set(start, id);
      return id;
    };
  }

  /** The hours that the range cuts, or that are not over. */
  private addCut({ cut }: Cover, range: TimeRange, sum: RangeSum): void {
    for (const { start } of cut) {
      let blocks = 0;
      for (const block of this.source.blocks(start)) {
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
    for (const cells of this.source.cells(step, start)) sum.addCells(cells, start);
  }

  private addDetails(step: number, start: number, sum: UsageSum): void {
    for (const all of this.source.details(step, start)) sum.addDetails(all, all);
  }

  /** The hours that have raw hits, newest first, looked up a few at a time: most callers stop early. */
  private *hoursBackwards(from: number, to: number): Generator<number> {
    const first = startOf(from, FINEST);
    for (let end = to, count = 2; ; count = Math.min(128, count * 4)) {
      const hours = this.source.hoursBefore(end, first, count);
      for (const hour of hours) {
        end = hour;
        yield hour;
      }
      if (hours.length < count) return;
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
    const { user, device, endpoint, status, collector } = filter;
    const named = [user, device, endpoint, collector].some((name) => name !== undefined);
    if (!named && !status) return () => undefined;
    const key = JSON.stringify([filter, names.version]);
    const seen = this.hourHits.get(key) ?? new Map<RollUpId, readonly Listed[] | null>();
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
    let hits = 0;
    for (const { n, cells } of this.source.cells(FINEST, hour)) {
      for (let i = 0; i < n; i++) {
        if (match.endpoint[cells.endpoint[i] ?? 0] !== 1) continue;
        if (match.status[cells.status[i] ?? 0] !== 1) continue;
        if (!counted(match, cells.visitor[i] ?? 0) || (cells.bot[i] === 1 && !filter.bots))
          continue;
        hits += cells.hits[i] ?? 0;
      }
    }
    return hits;
  }
}

/** The id of the roll-up that starts then; a roll-up that is written anew has another. */
type RollupIds = (step: number, start: number) => RollUpId | undefined;
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
