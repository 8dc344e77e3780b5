import type { TimeRange } from '../domain/access';

const HOUR = 3_600_000;

/**
 * The roll-up ladder, finest first, in milliseconds. Hours are written with the hits; the others are made from the step
 * below once their time is over, and dropped again when a late hit arrives, so a missing one is always made up of finer
 * ones. Every step is a multiple of the one before, counted from the epoch.
 */
export const STEPS = [HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR] as const;
export const [FINEST] = STEPS;
/** A range is read in no more than about this many points. */
const POINTS = 120;

/** The start of the step that `time` lies in. */
export const startOf = (time: number, step: number) => Math.floor(time / step) * step;

/** The step a range is drawn in: the finest that keeps the series within 120 points, but at least 24 if there are as many. */
export function seriesStep({ from, to }: TimeRange): number {
  const length = to - from;
  if (length <= 50 * HOUR) return HOUR;
  return STEPS.slice(1).find((step) => length / step <= POINTS) ?? 7 * 24 * HOUR;
}

export type Piece = { step: number; start: number };
export type Cover = {
  /** Roll-ups that lie wholly in the range. */
  rollups: Piece[];
  /** Hours the range cuts: their hits are to be looked at one by one. */
  cut: { start: number; range: TimeRange }[];
};

/**
 * The fewest roll-ups that make up a range, none coarser than `coarsest`. `idOf` says which ones exist.
 */
export function cover(
  range: TimeRange,
  coarsest: number,
  idOf: (step: number, start: number) => unknown,
): Cover {
  const result: Cover = { rollups: [], cut: [] };
  const steps = STEPS.filter((step) => step <= coarsest);
  const descend = (from: number, to: number, level: number): void => {
    const step = steps[level] ?? FINEST;
    const exists = (start: number) => idOf(step, start) !== undefined;
    const whole = (start: number) => start >= range.from && start + step <= range.to;
    for (let start = startOf(from, step); start < to; start += step) {
      if (level === 0) {
        if (!exists(start)) continue;
        if (whole(start)) result.rollups.push({ step, start });
        else result.cut.push({ start, range });
      } else if (whole(start) && exists(start)) {
        result.rollups.push({ step, start });
      } else {
        descend(Math.max(from, start), Math.min(to, start + step), level - 1);
      }
    }
  };
  if (range.to > range.from) descend(range.from, range.to, steps.length - 1);
  return result;
}
