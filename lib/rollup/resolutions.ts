import type { TimeRange } from '../domain/access';
import { DAY, HOUR, WEEK } from '../util/time';

/**
 * The lengths of roll-ups, shortest first, in milliseconds. Hours are written with the hits; each of the others is made
 * from the one before once its time is over, and dropped again when a late hit arrives, so a missing roll-up is always
 * made up of shorter ones. Each is a multiple of the one before, counted from the epoch.
 */
export const RESOLUTIONS = [HOUR, 6 * HOUR, DAY, WEEK] as const;
export const HOURLY = HOUR;
export const COARSEST = WEEK;
/** A series has no more than about this many points. */
const POINTS = 120;

/** Returns the start of the period that `time` lies in. */
export const startOf = (time: number, resolution: number) =>
  Math.floor(time / resolution) * resolution;

/** Returns the resolution of a range's series: the shortest that keeps it within 120 points, hours up to 50 hours. */
export function seriesResolution({ from, to }: TimeRange): number {
  const length = to - from;
  if (length <= 50 * HOUR) return HOURLY;
  return RESOLUTIONS.slice(1).find((resolution) => length / resolution <= POINTS) ?? COARSEST;
}
