import type { AccessFilter, NamedHit, TimeRange } from '../domain/access';
import { LRUCache } from '../util/lru';
import { formatCursor, parseCursor } from './cursor';
import { isNarrow } from './filter';
import {
  areCounted,
  type FoundHour,
  HitSearch,
  RememberedSearch,
  type SearchedHour,
} from './hit-search';
import type { HitCatalog, HitReader } from './hit-source';
import { HourFinder } from './hour-finder';
import { hoursBackwards } from './hours-backwards';
import type { ListedHit } from './newest-hits';
import type { Periods } from './periods';
import type { Question } from './question';
import { HOURLY } from './resolutions';

const FILTERS_REMEMBERED = 32;
/** The most hours whose hits are asked for at once. */
const HOURS_AT_ONCE = 16;

/** A page of a list; `nextCursor` is null on the last. */
export type HitPage = { hits: NamedHit[]; nextCursor: string | null };

/**
 * Lists hits, newest first. What an hour has is known from its roll-up before its hits are read, and remembered for the
 * filters asked for last: a page of a rare kind of hits reaches back over hundreds of hours.
 */
export class HitList {
  /** By filter, and version of the names. */
  private readonly remembered = new LRUCache<string, RememberedSearch>({ max: FILTERS_REMEMBERED });

  constructor(
    private readonly catalog: HitCatalog,
    private readonly periods: () => Periods,
  ) {}

  /** Throws `BadCursor`. */
  *page(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Question<HitPage> {
    const after = cursor === null ? null : parseCursor(cursor);
    const wanted = { from: range.from, to: after ? Math.min(range.to, after.time + 1) : range.to };
    const searchIn = this.searches(filter);
    const listed: ListedHit[] = [];
    let searched = 0;
    const finder = isNarrow(filter) ? this.finder(wanted, filter, searchIn) : null;
    const all = hoursBackwards(this.catalog, wanted);
    for (;;) {
      const found = finder ? yield* finder.next() : wholeHours(all.next().value ?? []);
      if (found.length === 0) return pageOf(listed, limit);
      const hours = this.hoursOf(found, filter);
      const rollUps = hours.flatMap(({ start, id, hits }) =>
        id === undefined || hits !== undefined ? [] : [{ resolution: HOURLY, start, id }],
      );
      const rows = yield { rollUps, hours: [] };
      while (hours.length > 0) {
        // One hour at first: most lists are full with its hits. Later half as many as there were before.
        const next = hours.splice(0, Math.min(HOURS_AT_ONCE, 1 + Math.floor(searched / 2)));
        searched += next.length;
        for (const hour of next) {
          if (hour.id !== undefined) hour.hits ??= searchIn(rows).count(hour, rows);
        }
        const unread = next.filter(({ hits }) => hits === undefined || areCounted(hits));
        const reader = yield { rollUps: [], hours: unread.map(({ start }) => start) };
        for (const hour of next) {
          const most = limit + 1 - listed.length;
          listed.push(...searchIn(reader).hits(hour, wanted, after, most, reader));
          if (listed.length > limit) return pageOf(listed, limit);
        }
      }
    }
  }

  private finder(
    range: TimeRange,
    filter: AccessFilter,
    searchIn: (reader: HitReader) => HitSearch,
  ): HourFinder {
    return new HourFinder(
      this.catalog,
      this.periods(),
      range,
      () => this.rememberedOf(filter, this.catalog.dictionaries().version),
      (rollUp, visitors, reader) => searchIn(reader).matchesIn(rollUp, visitors, reader),
    );
  }

  /** Hours with what is remembered of them. Of a filter that names nothing, each is read: it is sure to have many. */
  private hoursOf(found: readonly FoundHour[], filter: AccessFilter): SearchedHour[] {
    if (!isNarrow(filter))
      return found.map((hour) => ({ ...hour, id: undefined, hits: undefined }));
    const remembered = this.rememberedOf(filter, this.catalog.dictionaries().version);
    return found.map((hour) => {
      const id = this.catalog.rollUpId(HOURLY, hour.start);
      const cached = id === undefined ? undefined : remembered.hours.get(hour.start);
      return { ...hour, id, hits: cached?.id === id ? cached?.hits : undefined };
    });
  }

  /** Gives the search by the names there are with a reader: what was loaded may have brought new ones. */
  private searches(filter: AccessFilter): (reader: HitReader) => HitSearch {
    let last: { reader: HitReader; version: string; search: HitSearch } | undefined;
    return (reader) => {
      if (last?.reader === reader) return last.search;
      const names = this.catalog.dictionaries();
      const { version } = names;
      const search =
        last?.version === version
          ? last.search
          : new HitSearch(names, filter, this.rememberedOf(filter, version));
      last = { reader, version, search };
      return search;
    };
  }

  private rememberedOf(filter: AccessFilter, version: string): RememberedSearch {
    const key = JSON.stringify([filter, version]);
    const cached = this.remembered.get(key) ?? new RememberedSearch();
    this.remembered.set(key, cached);
    return cached;
  }
}

const wholeHours = (starts: readonly number[]): FoundHour[] =>
  starts.map((start) => ({ start, visitors: null, left: null }));

function pageOf(found: readonly ListedHit[], limit: number): HitPage {
  const page = found.slice(0, limit);
  const end = page.at(-1);
  return {
    hits: page.map(({ hit }) => hit),
    nextCursor: found.length > limit && end ? formatCursor(end) : null,
  };
}
