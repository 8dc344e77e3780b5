import type { TimeRange } from '../domain/access';
import type { Periods } from './periods';

/** The points of a series: the periods of one resolution that touch a range. */
export class Series {
  /** When each begins. */
  readonly starts: readonly number[];
  readonly timeZone: string;
  /** Hits come in order, so the next is most likely of the same point. */
  private last = 0;

  constructor(
    range: TimeRange,
    readonly resolution: number,
    periods: Periods,
  ) {
    this.starts = [...periods.of(range, resolution)].map(({ from }) => from);
    this.timeZone = periods.zone.name;
  }

  get length(): number {
    return this.starts.length;
  }

  /** Tells one series from another. */
  get key(): unknown {
    return [this.resolution, this.timeZone, this.starts[0], this.length];
  }

  /** Returns the number of the point that a time lies in; what is just outside is of the first or last. */
  pointOf(time: number): number {
    const { starts, last } = this;
    if (time >= (starts[last] ?? 0) && time < (starts[last + 1] ?? Number.POSITIVE_INFINITY)) {
      return last;
    }
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] ?? 0) <= time) low = middle;
      else high = middle - 1;
    }
    this.last = low;
    return low;
  }
}
