import type { LatencyPoint } from '../domain/connection';
import type { LatencyModel, UsualLatency } from '../domain/latency-model';
import { SLOT_MS } from '../domain/latency-model';
import { say } from '../domain/said';
import { DAY } from '../util/time';
import { type Expected, forecastAt, type Smoothing, smooth, startOf } from './holt-winters';

export const SLOTS_A_DAY = 48;
/** The model is learned from this many days at most, so that the cost does not grow with the history. */
export const LEARNED_DAYS = 14;
/** The first days give the initial state; fewer are not enough. */
const START_DAYS = 3;
/** The share of the time since the first measurement that has to be measured. */
const LEAST_MEASURED = 1 / 3;
/**
 * The level follows a lasting change with a half-life of seven hours, a slot of the day with four days, the deviation
 * with seven hours. Fixed, not fitted: a fit to each device's last days is wrong about its next.
 */
const SMOOTHING: Smoothing = { alpha: 0.05, gamma: 0.15, sigma: 0.05 };
/** Half the width of the band, in standard deviations: it holds 99.7 % of values when errors are normal. */
const BAND = 3;

/**
 * Learns a device's baseline from half-hour means (`points`: oldest first, no step missing, gaps as nulls; at most 14
 * days count). Pure.
 */
export function learnLatency(
  points: readonly Pick<LatencyPoint, 'time' | 'latencyMs'>[],
): LatencyModel {
  const from = points.findIndex(({ latencyMs }) => latencyMs !== null);
  const recent = from === -1 ? [] : points.slice(from).slice(-LEARNED_DAYS * SLOTS_A_DAY);
  const [firstPoint] = recent;
  const measured = recent.filter(({ latencyMs }) => latencyMs !== null).length;
  const days = recent.length / SLOTS_A_DAY;
  if (!firstPoint || days < START_DAYS) {
    const sofar = Math.floor(days * 10) / 10;
    const values = { days: { metric: sofar }, needed: START_DAYS };
    return { state: 'learning', reason: say('learning.days', values) };
  }
  const share = measured / recent.length;
  if (share < LEAST_MEASURED) {
    return { state: 'learning', reason: say('learning.seldom', { share: { share } }) };
  }
  const values = recent.map(({ latencyMs }) => latencyMs);
  const first = slotOf(firstPoint.time);
  const startSlots = START_DAYS * SLOTS_A_DAY;
  const start = startOf(values.slice(0, startSlots), first, SLOTS_A_DAY);
  if (!start) return { state: 'learning', reason: say('learning.nothing') };
  const { expected, end } = smooth(values, first, start, SMOOTHING);
  const lastSlot = (first + recent.length - 1) % SLOTS_A_DAY;
  const last = firstPoint.time + (recent.length - 1) * SLOT_MS;
  return {
    state: 'known',
    past: recent.slice(startSlots).map(({ time }, i) => {
      return usual(time, expected[startSlots + i] ?? { expected: 0, deviation: 0 });
    }),
    next: Array.from({ length: SLOTS_A_DAY }, (_, i) =>
      usual(last + (i + 1) * SLOT_MS, forecastAt(end, lastSlot, i + 1, SMOOTHING)),
    ),
  };
}

/** Returns the range of half hours that the baseline at `time` is learned from: those that have ended by then. */
export function learnedRange(time: number): { from: number; to: number } {
  const to = Math.floor(time / SLOT_MS) * SLOT_MS;
  return { from: to - LEARNED_DAYS * DAY, to };
}

const slotOf = (time: number) => Math.floor(time / SLOT_MS) % SLOTS_A_DAY;

function usual(time: number, { expected, deviation }: Expected): UsualLatency {
  return {
    time,
    expectedMs: Math.max(0, expected),
    lowMs: Math.max(0, expected - BAND * deviation),
    highMs: Math.max(0, expected + BAND * deviation),
  };
}
