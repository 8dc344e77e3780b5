import { DAY, HOUR, MINUTE } from '@/lib/util/time';
import { formatBucket } from '../../lib/domain/format';

/**
 * Returns an even scale from 0: ticks in steps of 1, 2 or 5 times a power of ten, the last at or above `max`. Also for
 * fractions.
 */
export function evenTicks(max: number, target = 4): number[] {
  const rough = Math.max(max, 1e-3) / target;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => size >= rough * 0.999) ??
    rough;
  const intervals = Math.max(1, Math.ceil(max / step - 1e-9));
  return Array.from({ length: intervals + 1 }, (_, index) => clean(index * step));
}

/** Removes the noise of binary fractions. */
const clean = (value: number) => Number(value.toPrecision(6));

const INTERVALS = [
  ...[5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28, 91].map((days) => days * DAY),
];

/**
 * Returns round UTC moments between `from` and `to` (epoch milliseconds), about `room` of them, each with its label.
 */
export function timeTicks(
  from: number,
  to: number,
  room: number,
): { time: number; label: string }[] {
  const interval = INTERVALS.find((size) => (to - from) / size <= room) ?? INTERVALS.at(-1) ?? DAY;
  const ticks: { time: number; label: string }[] = [];
  for (let time = Math.ceil(from / interval) * interval; time <= to; time += interval) {
    const atMidnight = time % DAY === 0;
    ticks.push({ time, label: formatBucket(time, atMidnight ? DAY : interval, false, to) });
  }
  return ticks;
}
