import type { TimeRange } from '../domain/access';
import { DAY } from '../util/time';
import { type FoundHour, isAllFound, type Matches, type StillToFind } from './hit-search';
import type { HitCatalog, HitReader, RollUpRef } from './hit-source';
import type { Periods } from './periods';
import type { Question } from './question';
import { countedPeriod } from './range-plan';
import { HOURLY, RESOLUTIONS, startOf } from './resolutions';
import type { WantedVisitors } from './slices';

/** How many hours are looked up at first: most lists are full with their hits. */
const FIRST_HOURS = [2, 8];
/** How long the periods are that are searched afterwards. */
const FIRST_SPAN = 2 * DAY;
const LONGEST_SPAN = 128 * DAY;

/** What is known at a time. `matches`: what matches in a roll-up; undefined: it has to be read to know. */
type Known = { matches(rollUp: RollUpRef): Matches | undefined };
/** Finds out what matches in a roll-up, by visitors of whom alone any hits do. */
type Ask = (rollUp: RollUpRef, visitors: WantedVisitors, reader: HitReader) => Matches;

/** A part of a range in which only hits of some visitors match; null: it is not known of whom, or how many. */
type Part = TimeRange & { visitors: WantedVisitors; left: StillToFind | null };
/** A part and the roll-up that has counted it, in the part of a longer period. */
type SplitPart = { part: Part; of: Part; rollUp: RollUpRef | null };

/**
 * Finds the hours of a range that have hits and may have matches, newest first, a few at a time and then more and more.
 * A roll-up of six hours, a day or a week without a match rules out all its hours, and one with some all other visitors: a
 * rare kind of hits is found without reading the roll-ups of every hour, or all slices of one.
 */
export class HourFinder {
  private end: number;
  private readonly first: number;
  private readonly few = [...FIRST_HOURS];
  private span = FIRST_SPAN;

  constructor(
    private readonly catalog: Pick<HitCatalog, 'hoursBefore' | 'rollUpId' | 'hasHits'>,
    private readonly periods: Periods,
    { from, to }: TimeRange,
    /** Asked again after each load, which may bring new names. */
    private readonly known: () => Known,
    private readonly ask: Ask,
  ) {
    this.first = startOf(from, HOURLY);
    this.end = to;
  }

  /** Returns the next hours; none at the end. */
  *next(): Question<FoundHour[]> {
    const count = this.few.shift();
    if (count !== undefined) {
      const hours = this.catalog.hoursBefore(this.end, this.first, count);
      this.end = hours.at(-1) ?? this.first;
      if (hours.length < count) this.few.length = 0;
      return hours.map((start) => ({ start, visitors: null, left: null }));
    }
    for (;;) {
      const [newest] = this.catalog.hoursBefore(this.end, this.first, 1);
      if (newest === undefined) return [];
      const to = Math.min(this.end, newest + HOURLY);
      const from = Math.max(this.first, startOf(to - this.span, HOURLY));
      const hours = yield* this.hoursIn({ from, to });
      this.end = from;
      this.span = Math.min(LONGEST_SPAN, this.span * 4);
      if (hours.length > 0) return hours;
    }
  }

  private *hoursIn(range: TimeRange): Question<FoundHour[]> {
    let parts: Part[] = [{ ...range, visitors: null, left: null }];
    for (const resolution of RESOLUTIONS.toReversed()) {
      if (resolution === HOURLY || resolution > this.span) continue;
      const shorter = parts.flatMap((part) => this.split(part, resolution));
      const before = this.known();
      const unread = shorter.flatMap(({ rollUp }) =>
        rollUp && before.matches(rollUp) === undefined ? [rollUp] : [],
      );
      const reader = unread.length > 0 ? yield { rollUps: unread, hours: [] } : null;
      const known = reader === null ? before : this.known();
      parts = shorter.flatMap(({ part, of, rollUp }) => {
        const { visitors, left } = of;
        if (rollUp === null) return [part];
        if (reader && isAllFound(left, reader)) return [];
        const matches = known.matches(rollUp) ?? (reader && this.ask(rollUp, visitors, reader));
        if (!matches) return [part];
        // Others may share an hour with their neighbours.
        const isWhole = rollUp.start % HOURLY === 0 && rollUp.resolution % HOURLY === 0;
        if (left && isWhole) left.hits -= matches.hits;
        const { hits } = matches;
        const own = isWhole && reader ? { hits, reader } : null;
        return hits > 0 ? [{ ...part, visitors: matches.visitors, left: own }] : [];
      });
    }
    const hours = new Map<number, FoundHour>();
    for (const { from, to, visitors, left } of parts.toReversed()) {
      const first = startOf(from, HOURLY);
      for (const start of this.catalog.hoursBefore(to, first, Math.ceil((to - first) / HOURLY))) {
        // An hour around a local midnight is of two days, and may have hits of the visitors of either.
        const isShared = hours.has(start);
        hours.set(
          start,
          isShared ? { start, visitors: null, left: null } : { start, visitors, left },
        );
      }
    }
    return [...hours.values()];
  }

  /** Returns the parts of a period that each lie in one of a resolution, oldest first, with the roll-up of that. */
  private split(of: Part, resolution: number): SplitPart[] {
    return [...this.periods.of(of, resolution)].map((period) => {
      const from = Math.max(of.from, period.from);
      const to = Math.min(of.to, period.to);
      const rollUp = this.rollUp(period) ?? this.rollUp(countedPeriod(period, this.catalog));
      return { part: { ...of, from, to }, of, rollUp };
    });
  }

  private rollUp({ from, to }: TimeRange): RollUpRef | null {
    const id = this.catalog.rollUpId(to - from, from);
    return id === undefined ? null : { resolution: to - from, start: from, id };
  }
}
