import { DAY, HOUR, MINUTE } from '@/lib/util/time';
import { formatBucket } from '../../lib/domain/format';
import { type TimeZone, UTC } from '../../lib/domain/time-zone';

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
 * Returns moments between `from` and `to` (epoch milliseconds) that are round on the clocks of `zone`, about `room` of
 * them, each with its label.
 */
export function timeTicks(
  from: number,
  to: number,
  room: number,
  zone: TimeZone = UTC,
): { time: number; label: string }[] {
  const interval = INTERVALS.find((size) => (to - from) / size <= room) ?? INTERVALS.at(-1) ?? DAY;
  const ticks: { time: number; label: string }[] = [];
  const first = Math.ceil((from + zone.offsetAt(from)) / interval) * interval;
  const last = to + zone.offsetAt(to);
  for (let wall = first; wall <= last; wall += interval) {
    const time = zone.instantOf(wall);
    if (time < from || time > to) continue;
    const step = wall % DAY === 0 ? DAY : interval;
    ticks.push({ time, label: formatBucket(time, step, false, to, zone) });
  }
  return ticks;
}
