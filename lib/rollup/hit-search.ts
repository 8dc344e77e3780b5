import type { AccessFilter, TimeRange } from '../domain/access';
import { HOUR } from '../util/time';
import type { Cursor } from './cursor';
import type { Dictionaries } from './dictionaries';
import { type CompiledFilter, compileFilter } from './filter';
import type { HitReader, RollUpId, RollUpRef } from './hit-source';
import { isWanted, type ListedHit, NewestHits } from './newest-hits';
import { HOURLY } from './resolutions';
import { runsOf, type WantedVisitors } from './slices';

/** The most hits of an hour that are remembered, and the most hours per filter. */
const FEW = 16;
const HOURS_REMEMBERED = 1_000;
const PERIODS_REMEMBERED = 2_000;

/**
 * What a roll-up has counted that matches: about how many hits, and the visitors who alone have any. These have rows in
 * few slices: of shorter roll-ups, and of blocks, no others are read.
 */
export type Matches = { hits: number; visitors: WantedVisitors };
const NO_MATCHES: Matches = { hits: 0, visitors: [] };

/** How many hits of a period are still to be found in its parts, by the reader that has counted them. */
export type StillToFind = { hits: number; reader: HitReader };

/** Whether all hits of a period have been found, so that the parts that are left have none. */
export const isAllFound = (left: StillToFind | null, reader: HitReader): boolean =>
  left !== null && left.reader === reader && left.hits <= 0;

/** An hour in which hits are searched; only of `visitors`, since others are known to have none (null: not known). */
export type FoundHour = { start: number; visitors: WantedVisitors; left: StillToFind | null };

/** All that match in an hour, newest first, or what its roll-up has counted. */
type HourHits = readonly ListedHit[] | Matches;

/** An hour to be searched; `id` is its roll-up's when it was found, `hits` what is known of it. */
export type SearchedHour = FoundHour & { id: RollUpId | undefined; hits: HourHits | undefined };

/** Whether hits have been counted and not read. */
export const areCounted = (hits: HourHits | undefined): hits is Matches =>
  hits !== undefined && 'visitors' in hits;

/** What is remembered of a filter; `id` is that of the roll-up that there was then. */
export class RememberedSearch {
  /** What hours had, by their start. */
  readonly hours = new Map<number, { id: RollUpId; hits: HourHits }>();
  /** What longer periods had, by resolution and start. */
  private readonly periods = new Map<string, { id: RollUpId; matches: Matches }>();

  /** Returns what matches in a roll-up; undefined: not known. */
  matches({ resolution, start, id }: RollUpRef): Matches | undefined {
    const cached = this.periods.get(`${resolution} ${start}`);
    return cached?.id === id ? cached.matches : undefined;
  }

  note({ resolution, start, id }: RollUpRef, matches: Matches): void {
    if (this.periods.size >= PERIODS_REMEMBERED) this.periods.clear();
    this.periods.set(`${resolution} ${start}`, { id, matches });
  }
}

/** Searches hours for hits that match a filter, by the names of one version. */
export class HitSearch {
  private readonly compiled: CompiledFilter;

  constructor(
    private readonly names: Dictionaries,
    filter: AccessFilter,
    private readonly remembered: RememberedSearch,
  ) {
    this.compiled = compileFilter(filter, names);
  }

  /** Finds out from its roll-up what matches in an hour, unless all of the hits around it have been found. */
  count({ start, id, visitors, left }: SearchedHour, reader: HitReader): HourHits {
    if (isAllFound(left, reader)) return [];
    const matches = this.matchesOf({ resolution: HOURLY, start }, visitors, reader);
    if (left) left.hits -= matches.hits;
    if (matches.hits > 0 && matches.hits <= FEW) return matches;
    return this.remember(start, id, matches.hits === 0 ? [] : matches);
  }

  /** Finds out what matches in a roll-up, by visitors of whom alone any hits do. */
  matchesIn(rollUp: RollUpRef, visitors: WantedVisitors, reader: HitReader): Matches {
    const matches = this.matchesOf(rollUp, visitors, reader);
    this.remembered.note(rollUp, matches);
    return matches;
  }

  /** Returns the newest matching hits of an hour that are in the range and behind `after`, at most `most`. */
  hits(
    hour: SearchedHour,
    range: TimeRange,
    after: Cursor | null,
    most: number,
    reader: HitReader,
  ): readonly ListedHit[] {
    const { start, id } = hour;
    const hits = hour.hits ?? { hits: Number.POSITIVE_INFINITY, visitors: hour.visitors };
    if (!areCounted(hits)) return hits.filter((hit) => isWanted(hit, range, after));
    const { visitors } = hits;
    if (hits.hits <= FEW) {
      const all = this.read(
        start,
        visitors,
        { from: start, to: start + HOUR },
        null,
        FEW + 1,
        reader,
      );
      // There may be more by now than the roll-up had counted.
      if (all.length <= FEW) {
        this.remember(start, id, all);
        return all.filter((hit) => isWanted(hit, range, after)).slice(0, most);
      }
    }
    return this.read(start, visitors, range, after, most, reader);
  }

  private matchesOf(
    { resolution, start }: Pick<RollUpRef, 'resolution' | 'start'>,
    among: WantedVisitors,
    reader: HitReader,
  ): Matches {
    const wanted = among ?? this.compiled.visitors;
    const found = new Set<number>();
    let counted = 0;
    for (const rows of reader.rows(resolution, start, wanted)) {
      const { visitor, hits } = rows.columns;
      const { ends, length } = this.compiled.selectRows(rows);
      for (let run = 0; run < length; run += 2) {
        const end = ends[run + 1] ?? 0;
        for (let i = ends[run] ?? 0; i < end; i++) {
          counted += hits[i] ?? 0;
          found.add(visitor[i] ?? 0);
        }
      }
    }
    return counted === 0 ? NO_MATCHES : { hits: counted, visitors: runsOf(found) ?? wanted };
  }

  private read(
    hour: number,
    visitors: WantedVisitors,
    range: TimeRange,
    after: Cursor | null,
    most: number,
    reader: HitReader,
  ): ListedHit[] {
    const newest = new NewestHits(hour, most, this.compiled);
    for (const block of reader.blocks(hour, visitors ?? this.compiled.visitors)) {
      newest.add(block, range, after);
    }
    return newest.listed(this.names);
  }

  /**
   * What was remembered first stays: the newest hours, where every list begins. Were it let go instead, a list of more
   * hours would find none of its own.
   */
  private remember(start: number, id: RollUpId | undefined, hits: HourHits): HourHits {
    const remembered = this.remembered.hours;
    const hasRoom = remembered.size < HOURS_REMEMBERED || remembered.has(start);
    if (id !== undefined && hasRoom) remembered.set(start, { id, hits });
    return hits;
  }
}
