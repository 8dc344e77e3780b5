import type { AccessFilter, TimeRange } from '../domain/access';
import { HOUR } from '../util/time';
import type { Cursor } from './cursor';
import type { Dictionaries } from './dictionaries';
import { type CompiledFilter, compileFilter } from './filter';
import type { HitReader, RollUpId } from './hit-source';
import { isWanted, type ListedHit, NewestHits } from './newest-hits';
import { HOURLY } from './resolutions';

/** So few hits of an hour are remembered, of so many hours per filter. */
const FEW = 16;
const HOURS_REMEMBERED = 1_000;

/** All that match in an hour, newest first, or how many there are about. */
type HourHits = readonly ListedHit[] | 'few' | 'many';

/** An hour to be searched; `id` is its roll-up's when it was found, `hits` what is known of it. */
export type SearchedHour = { start: number; id: RollUpId | undefined; hits: HourHits | undefined };

/** By the id of an hour's roll-up. */
export type RememberedHours = Map<RollUpId, HourHits>;

/** Searches hours for hits that match a filter, by the names of one version. */
export class HitSearch {
  private readonly compiled: CompiledFilter;

  constructor(
    private readonly names: Dictionaries,
    filter: AccessFilter,
    private readonly remembered: RememberedHours,
  ) {
    this.compiled = compileFilter(filter, names);
  }

  /** Returns the hour that starts then with what is remembered of it. */
  recall(start: number, id: RollUpId | undefined): SearchedHour {
    return { start, id, hits: id === undefined ? 'many' : this.remembered.get(id) };
  }

  /** Finds out from its roll-up about how many hits of an hour match. */
  count({ start, id }: SearchedHour, reader: HitReader): HourHits {
    let matches = 0;
    for (const rows of reader.rows(HOURLY, start)) {
      const { ends, length } = this.compiled.selectRows(rows);
      for (let run = 0; run < length; run += 2) {
        const end = ends[run + 1] ?? 0;
        for (let i = ends[run] ?? 0; i < end; i++) matches += rows.columns.hits[i] ?? 0;
      }
    }
    if (matches > 0 && matches <= FEW) return 'few';
    return this.remember(id, matches === 0 ? [] : 'many');
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
    if (hits === 'few') this.remember(id, all);
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
    for (const block of reader.blocks(hour)) newest.add(block, range, after);
    return newest.listed(this.names);
  }

  /**
   * The first so many stay: they are the newest hours, where every list begins. To let the oldest go instead would leave
   * nothing to a list that is longer.
   */
  private remember(id: RollUpId | undefined, hits: HourHits): HourHits {
    if (id !== undefined && this.remembered.size < HOURS_REMEMBERED) this.remembered.set(id, hits);
    return hits;
  }
}
