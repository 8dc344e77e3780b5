import {
  type AccessFilter,
  type HostUsage,
  NO_HOST,
  type TimeRange,
  type Usage,
} from '../domain/access';
import { LRUCache } from '../util/lru';
import { HitList } from './hit-list';
import type { HitCatalog } from './hit-source';
import type { Periods } from './periods';
import type { Question } from './question';

const REMEMBERED = 1_000;

/** Finds the last access of each host in an answer, from the bucket of the series that holds it. */
export class LastAccesses {
  private readonly list: HitList;
  private readonly remembered = new LRUCache<string, number>({ max: REMEMBERED });

  constructor(
    private readonly catalog: HitCatalog,
    periods: () => Periods,
    /** The lists of the pages. */
    private readonly pages: HitList,
  ) {
    // Separate from those, which are remembered by filter, too: there may be a hundred hosts.
    this.list = new HitList(catalog, periods);
  }

  /** Returns the hosts of `usage`. From `exactFrom` on, what it says of their last accesses is exact. */
  *of(
    { byHost, series }: Usage,
    range: TimeRange,
    filter: AccessFilter,
    exactFrom: number,
  ): Question<HostUsage[]> {
    const found: HostUsage[] = [];
    for (const usage of byHost) {
      const last = usage.series.findLastIndex((hits) => hits > 0);
      const bucket = series[last]?.time;
      if (usage.lastAccess >= exactFrom || bucket === undefined) found.push(usage);
      else {
        const within = {
          from: Math.max(range.from, bucket),
          to: Math.min(range.to, series[last + 1]?.time ?? range.to),
        };
        const lastAccess = yield* this.lastIn(within, filter, usage.host, byHost.length === 1);
        found.push({ ...usage, lastAccess: lastAccess ?? bucket });
      }
    }
    return found;
  }

  /**
   * Returns the time of a host's newest hit; null when hits of that time are no longer kept. Of an `only` host that is the
   * newest of all, which is looked for as the list of a page looks for it.
   */
  private *lastIn(
    range: TimeRange,
    filter: AccessFilter,
    host: string | null,
    only: boolean,
  ): Question<number | null> {
    const { from, to } = range;
    const ofHost = { ...filter, host: host ?? NO_HOST };
    const id = this.catalog.rollUpId(to - from, from);
    const key = JSON.stringify([from, to, ofHost, id, this.catalog.dictionaries().version]);
    const remembered = this.remembered.get(key);
    if (remembered !== undefined) return remembered;
    const [newest] = only ? (yield* this.pages.page(range, filter, 1, null)).hits : [];
    // Another host may have been added meanwhile.
    const isOurs = newest !== undefined && newest.host === host;
    const hit = isOurs ? newest : (yield* this.list.page(range, ofHost, 1, null)).hits[0];
    const time = hit?.time ?? null;
    // Without a roll-up, more hits may come.
    if (id !== undefined && time !== null) this.remembered.set(key, time);
    return time;
  }
}
