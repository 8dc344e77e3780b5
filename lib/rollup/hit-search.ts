import type { AccessFilter, TimeRange } from '../domain/access';
import { HOUR } from '../util/time';
import type { Cursor } from './cursor';
import type { Dictionaries } from './dictionaries';
import { type CompiledFilter, compileFilter } from './filter';
import type { HitReader, RollUpId, RollUpRef } from './hit-source';
import { isWanted, type ListedHit, NewestHits } from './newest-hits';
import { HOURLY } from './resolutions';

/** The most hits of an hour that are remembered, and the most hours per filter. */
const FEW = 16;
const HOURS_REMEMBERED = 1_000;
const PERIODS_REMEMBERED = 2_000;

/** All that match in an hour, newest first, or how many there are about. */
type HourHits = readonly ListedHit[] | 'few' | 'many';

/** An hour to be searched; `id` is its roll-up's when it was found, `hits` what is known of it. */
export type SearchedHour = { start: number; id: RollUpId | undefined; hits: HourHits | undefined };

/** What is remembered of a filter; `id` is that of the roll-up that there was then. */
export class RememberedSearch {
  /** What hours had, by their start. */
  readonly hours = new Map<number, { id: RollUpId; hits: HourHits }>();
  /** Whether longer periods had matches, by resolution and start. */
  private readonly periods = new Map<string, { id: RollUpId; matches: boolean }>();

  /** Returns whether a roll-up has matches; undefined: not known. */
  matches({ resolution, start, id }: RollUpRef): boolean | undefined {
    const cached = this.periods.get(`${resolution} ${start}`);
    return cached?.id === id ? cached.matches : undefined;
  }

  note({ resolution, start, id }: RollUpRef, matches: boolean): void {
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

  /** Finds out from its roll-up about how many hits of an hour match. */
  count({ start, id }: SearchedHour, reader: HitReader): HourHits {
    let matches = 0;
    for (const rows of reader.rows(HOURLY, start, this.compiled.visitors)) {
      const { ends, length } = this.compiled.selectRows(rows);
      for (let run = 0; run < length; run += 2) {
        const end = ends[run + 1] ?? 0;
        for (let i = ends[run] ?? 0; i < end; i++) matches += rows.columns.hits[i] ?? 0;
      }
    }
    if (matches > 0 && matches <= FEW) return 'few';
    return this.remember(start, id, matches === 0 ? [] : 'many');
  }

  /** Finds out whether any hit of a roll-up matches. */
  hasMatches(rollUp: RollUpRef, reader: HitReader): boolean {
    let matches = false;
    const { visitors } = this.compiled;
    for (const rows of reader.rows(rollUp.resolution, rollUp.start, visitors)) {
      matches ||= this.compiled.selectRows(rows).length > 0;
    }
    this.remembered.note(rollUp, matches);
    return matches;
  }

  /** Returns the newest matching hits of an hour that are in the range and behind `after`, at most `most`. */
  hits(
    { start, id, hits }: SearchedHour,
    range: TimeRange,
    after: Cursor | null,
    most: number,
    reader: HitReader,
  ): readonly ListedHit[] {
    const all =
      hits === 'few'
        ? this.read(start, { from: start, to: start + HOUR }, null, FEW + 1, reader)
        : hits;
    // There may be more by now than the roll-up had counted.
    if (!Array.isArray(all) || all.length > FEW)
      return this.read(start, range, after, most, reader);
    if (hits === 'few') this.remember(start, id, all);
    return all.filter((hit) => isWanted(hit, range, after));
  }

  private read(
    hour: number,
    range: TimeRange,
    after: Cursor | null,
    most: number,
    reader: HitReader,
  ): ListedHit[] {
    const newest = new NewestHits(hour, most, this.compiled);
    for (const block of reader.blocks(hour, this.compiled.visitors)) {
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
