import type { TimeRange } from '../domain/access';
import { DAY, HOUR, WEEK } from '../util/time';

/**
 * The names of the periods that roll-ups are of, shortest first: how long they usually are, in milliseconds. When they
 * begin and end, `periods.ts` knows. Hours are written with the hits; each of the others is made from shorter ones once
 * its time is over, and dropped again when a late hit arrives, so a missing roll-up is always made up of shorter ones.
 */
export const HOURLY = HOUR;
export const SIX_HOURLY = 6 * HOUR;
export const COARSEST = WEEK;
export const RESOLUTIONS = [HOURLY, SIX_HOURLY, DAY, COARSEST] as const;
/** A series has no more than about this many points. */
const POINTS = 120;

/** Returns the start of the hour, or of another length of time counted from the epoch, that `time` lies in. */
export const startOf = (time: number, length: number) => Math.floor(time / length) * length;

/** Returns the resolution of a range's series: the shortest that keeps it within 120 points, hours up to 50 hours. */
export function seriesResolution({ from, to }: TimeRange): number {
  const length = to - from;
  if (length <= 50 * HOUR) return HOURLY;
  return RESOLUTIONS.slice(1).find((resolution) => length / resolution <= POINTS) ?? COARSEST;
}
