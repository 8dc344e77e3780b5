import type { TimeRange } from '../domain/access';
import type { HitCatalog } from './hit-source';
import { HOURLY, startOf } from './resolutions';

/** How many hours are looked up at first, and at most. */
const FIRST = 2;
const MOST = 128;

/**
 * Yields the hours of a range that have hits, newest first, a few at a time and then more and more: most callers stop
 * early.
 */
export function* hoursBackwards(
  catalog: Pick<HitCatalog, 'hoursBefore'>,
  { from, to }: TimeRange,
): Generator<number[]> {
  const first = startOf(from, HOURLY);
  for (let end = to, count = FIRST; ; count = Math.min(MOST, count * 4)) {
    const hours = catalog.hoursBefore(end, first, count);
    if (hours.length > 0) yield hours;
    if (hours.length < count) return;
    end = hours.at(-1) ?? end;
  }
}
