import { median } from './median';

/**
 * Seasonal exponential smoothing (Holt-Winters, additive, without trend: Hyndman & Athanasopoulos, Forecasting:
 * Principles and Practice, 3rd ed., §8.3), made robust as in Gelper, Fried & Croux, “Robust forecasting with
 * exponential and Holt-Winters smoothing”, Journal of Forecasting 29 (2010): an observation further from its forecast
 * than two standard deviations counts as if it were two away, and the deviation itself is tracked with a bounded loss.
 * A spike has little effect; a lasting change becomes the new normal within a day or two.
 */

/** How fast the level, the season and the deviation follow, each from 0 to 1. */
export type Smoothing = { alpha: number; gamma: number; sigma: number };

export type SmoothedState = {
  level: number;
  /** What each slot of a season adds to the level. */
  season: readonly number[];
  /** Robust standard deviation of one-step errors. */
  deviation: number;
};

/** What was expected of a step before it was measured, in the unit of the values. */
export type Expected = { expected: number; deviation: number };

/** An observation more than this many standard deviations away is an outlier. */
const K = 2;
/** Makes the bounded loss consistent at the normal distribution for K = 2 (Gelper et al., §3.2). */
const C = 2.52;

/** A season without any noise still needs a deviation that is not zero. */
const LEAST_DEVIATION = 0.05;

/**
 * Runs the smoother over `values` (`null`: not measured, changes nothing). `first` is the first value's slot of the
 * season. Returns what was expected of each value, and the state after the last.
 */
export function smooth(
  values: readonly (number | null)[],
  first: number,
  start: SmoothedState,
  { alpha, gamma, sigma }: Smoothing,
): { expected: Expected[]; end: SmoothedState } {
  const season = [...start.season];
  let { level, deviation } = start;
  const expected = values.map((value, index) => {
    const slot = (first + index) % season.length;
    const seasonal = season[slot] ?? 0;
    const before = { expected: level + seasonal, deviation };
    if (value === null) return before;
    const error = value - before.expected;
    const variance = (sigma * boundedLoss(error / deviation) + 1 - sigma) * deviation ** 2;
    deviation = Math.max(LEAST_DEVIATION, Math.sqrt(variance));
    const cleaned = Math.min(K, Math.max(-K, error / deviation)) * deviation;
    level += alpha * cleaned;
    season[slot] = seasonal + gamma * cleaned;
    return before;
  });
  return { expected, end: { level, season, deviation } };
}

/** Returns the biweight ρ of Gelper et al.: about the square for small errors, at most C for large ones. */
function boundedLoss(x: number): number {
  return Math.abs(x) <= K ? C * (1 - (1 - (x / K) ** 2) ** 3) : C;
}

/**
 * Returns what is expected of the step `ahead` (1 is the next) after the last one, which was in `lastSlot`. The
 * deviation grows, since the level may drift (Hyndman & Athanasopoulos, §8.7, ETS(A,N,A), within one season).
 */
export function forecastAt(
  end: SmoothedState,
  lastSlot: number,
  ahead: number,
  { alpha }: Pick<Smoothing, 'alpha'>,
): Expected {
  const slot = (lastSlot + ahead) % end.season.length;
  return {
    expected: end.level + (end.season[slot] ?? 0),
    deviation: end.deviation * Math.sqrt(1 + alpha ** 2 * (ahead - 1)),
  };
}

/**
 * Returns the initial state, from the first few seasons: the level is their median; a slot adds the median of how far
 * it and its two neighbours were above the level; the deviation is the median absolute one, scaled to a normal
 * distribution. `null` when nothing was measured.
 */
export function startOf(
  values: readonly (number | null)[],
  first: number,
  slots: number,
): SmoothedState | null {
  const level = median(values.flatMap((value) => value ?? []));
  if (level === null) return null;
  const bySlot: number[][] = Array.from({ length: slots }, () => []);
  values.forEach((value, index) => {
    if (value !== null) bySlot[(first + index) % slots]?.push(value - level);
  });
  const season = bySlot.map((own, slot) => {
    const neighbours = [bySlot[(slot + slots - 1) % slots], own, bySlot[(slot + 1) % slots]];
    return median(neighbours.flatMap((list) => list ?? [])) ?? 0;
  });
  const errors = values.flatMap((value, index) =>
    value === null ? [] : Math.abs(value - level - (season[(first + index) % slots] ?? 0)),
  );
  return { level, season, deviation: Math.max(LEAST_DEVIATION, 1.4826 * (median(errors) ?? 0)) };
}
