import type { TimeRange } from '../domain/access';
import type { HitCatalog, RollUpRef } from './hit-source';
import { HOURLY, RESOLUTIONS, startOf } from './resolutions';

/** What makes up a range. */
export type RangePlan = {
  /** Roll-ups that are counted whole. */
  rollUps: RollUpRef[];
  /** Starts of the hours that the range holds a part of: their hits are looked at one by one. */
  partialHours: number[];
};

/**
 * Plans a range: the fewest roll-ups that make it up, none coarser than `coarsest`, and the hours at its ends. Where
 * retention has taken an hour's hits, the range is rounded outwards, to the hour.
 */
export function planRange(
  range: TimeRange,
  coarsest: number,
  catalog: Pick<HitCatalog, 'rollUpId' | 'hasHits'>,
): RangePlan {
  const plan: RangePlan = { rollUps: [], partialHours: [] };
  const resolutions = RESOLUTIONS.filter((resolution) => resolution <= coarsest);

  const descend = (from: number, to: number, level: number): void => {
    const resolution = resolutions[level] ?? HOURLY;
    for (let start = startOf(from, resolution); start < to; start += resolution) {
      const whole = start >= range.from && start + resolution <= range.to;
      const id = whole || level === 0 ? catalog.rollUpId(resolution, start) : undefined;
      if (id === undefined) {
        if (level > 0) descend(Math.max(from, start), Math.min(to, start + resolution), level - 1);
      } else if (whole || !catalog.hasHits(start)) plan.rollUps.push({ resolution, start, id });
      else plan.partialHours.push(start);
    }
  };
  if (range.to > range.from) descend(range.from, range.to, resolutions.length - 1);
  return plan;
}
