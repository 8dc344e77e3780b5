import type { TimeRange } from '../domain/access';
import { DAY } from '../util/time';
import type { HitCatalog, HitReader, RollUpRef } from './hit-source';
import type { Periods } from './periods';
import type { Question } from './question';
import { countedPeriod } from './range-plan';
import { HOURLY, RESOLUTIONS, startOf } from './resolutions';

/** How many hours are looked up at first: most lists are full with their hits. */
const FIRST_HOURS = [2, 8];
/** How long the periods are that are searched afterwards. */
const FIRST_SPAN = 2 * DAY;
const LONGEST_SPAN = 128 * DAY;

/** What is known at a time. `matches`: whether a roll-up may have matches; undefined: it has to be read to know. */
type Known = { matches(rollUp: RollUpRef): boolean | undefined };
/** Finds out whether a roll-up has matches. */
type Ask = (rollUp: RollUpRef, reader: HitReader) => boolean;

/**
 * Finds the hours of a range that have hits and may have matches, newest first, a few at a time and then more and more.
 * A roll-up of six hours, a day or a week without a match rules out all its hours: a rare kind of hits is found without
 * reading the roll-ups of every hour.
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
  *next(): Question<number[]> {
    const count = this.few.shift();
    if (count !== undefined) {
      const hours = this.catalog.hoursBefore(this.end, this.first, count);
      this.end = hours.at(-1) ?? this.first;
      if (hours.length < count) this.few.length = 0;
      return hours;
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

  private *hoursIn(range: TimeRange): Question<number[]> {
    let parts = [range];
    for (const resolution of RESOLUTIONS.toReversed()) {
      if (resolution === HOURLY || resolution > this.span) continue;
      const shorter = parts.flatMap((part) => this.split(part, resolution));
      const before = this.known();
      const unread = shorter.flatMap(({ rollUp }) =>
        rollUp && before.matches(rollUp) === undefined ? [rollUp] : [],
      );
      const reader = unread.length > 0 ? yield { rollUps: unread, hours: [] } : null;
      const known = reader === null ? before : this.known();
      parts = shorter.flatMap(({ part, rollUp }) => {
        if (rollUp === null) return [part];
        const matches = known.matches(rollUp) ?? (reader === null || this.ask(rollUp, reader));
        return matches ? [part] : [];
      });
    }
    const hours = parts.toReversed().flatMap(({ from, to }) => {
      const first = startOf(from, HOURLY);
      return this.catalog.hoursBefore(to, first, Math.ceil((to - first) / HOURLY));
    });
    // An hour around a local midnight is of two days.
    return [...new Set(hours)];
  }

  /** Returns the parts of a period that each lie in one of a resolution, oldest first, with the roll-up of that. */
  private split(
    { from, to }: TimeRange,
    resolution: number,
  ): { part: TimeRange; rollUp: RollUpRef | null }[] {
    return [...this.periods.of({ from, to }, resolution)].map((period) => ({
      part: { from: Math.max(from, period.from), to: Math.min(to, period.to) },
      rollUp: this.rollUp(period) ?? this.rollUp(countedPeriod(period, this.catalog)),
    }));
  }

  private rollUp({ from, to }: TimeRange): RollUpRef | null {
    const id = this.catalog.rollUpId(to - from, from);
    return id === undefined ? null : { resolution: to - from, start: from, id };
  }
}
