import { DAY, HOUR, MINUTE } from '@/lib/util/time';

/**
 * Returns an even scale from 0 for counts: a round top at or above `max` and the ticks up to it, zero included. Whole
 * numbers only.
 */
export function countTicks(max: number, target = 4): number[] {
  const rough = Math.max(1, max / target);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => size >= rough);
  const whole = Math.max(1, step ?? rough);
  const intervals = Math.max(1, Math.ceil(max / whole));
  return Array.from({ length: intervals + 1 }, (_, index) => index * whole);
}

/**
 * Returns whether a bucket reaches beyond the range asked for, so that it holds only a part of its period. All in
 * milliseconds.
 */
export function isPartial(
  time: number,
  stepMs: number,
  range: { from: number; to: number },
): boolean {
  return time < range.from || time + stepMs > range.to;
}

const INTERVALS = [
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28, 91, 365].map((days) => days * DAY),
];

/**
 * Returns the buckets of a time axis that get a label, about `room` of them: those where a round interval (an hour, a
 * day, a week) begins. `times` are ascending milliseconds, as the clocks
 * of their zone show them.
 */
export function labelledBuckets(
  times: readonly number[],
  room: number,
): { index: number; intervalMs: number }[] {
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) return [];
  const wanted = (last - first) / Math.max(1, room);
  const intervalMs = INTERVALS.find((size) => size >= wanted) ?? wanted;
  const slot = (time: number) => Math.floor(time / intervalMs);
  return times.flatMap((time, index) => {
    const before = times[index - 1];
    const starts = before === undefined ? time % intervalMs === 0 : slot(time) !== slot(before);
    return starts ? [{ index, intervalMs }] : [];
  });
}
