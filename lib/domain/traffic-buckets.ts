import { DAY, HOUR } from '../util/time';
import type { TimeRange } from './access';
import type { TimeZone } from './time-zone';
import type { Bytes } from './traffic';

/** Of what traffic is summed up: an hour of UTC, cut at local midnight, or a day of the owner's time zone. */
export const TRAFFIC_STEPS = ['hour', 'day'] as const;
export type TrafficStep = (typeof TRAFFIC_STEPS)[number];

/** Longer gaps than this are filled by days instead of hours, */
const BY_HOURS_MS = 2 * DAY;
/** and only the last days of still longer ones: what was counted is not spread further back. */
const LONGEST_MS = 31 * DAY;

/** Bytes that fall into one hour and one day; the starts of both. */
export type TrafficBucket = Bytes & { hour: number; day: number };

/** Returns the start of the hour or day that a time lies in. */
export function trafficStart(step: TrafficStep, time: number, zone: TimeZone): number {
  const day = zone.startOfDay(zone.dayOf(time));
  return step === 'day' ? day : Math.max(Math.floor(time / HOUR) * HOUR, day);
}

/** Returns the end of the hour or day that a time lies in. */
export function trafficEnd(step: TrafficStep, time: number, zone: TimeZone): number {
  const midnight = zone.startOfDay(zone.dayOf(time) + 1);
  return step === 'day' ? midnight : Math.min(Math.floor(time / HOUR) * HOUR + HOUR, midnight);
}

/** Returns the starts of the hours or days that touch a range. */
export function trafficStarts(step: TrafficStep, { from, to }: TimeRange, zone: TimeZone) {
  const starts: number[] = [];
  let time = trafficStart(step, from, zone);
  for (; time < to; time = trafficEnd(step, time, zone)) starts.push(time);
  return starts;
}

/**
 * Spreads what was counted between two looks evenly over the hours and days in between: when exactly it travelled is
 * not known. Every byte falls into exactly one bucket.
 */
export function spreadOver(
  { from, to, rxBytes, txBytes }: Bytes & { from: number; to: number },
  zone: TimeZone,
): TrafficBucket[] {
  const begin = Math.max(Math.min(from, to), to - LONGEST_MS);
  const length = to - begin;
  const step = length > BY_HOURS_MS ? 'day' : 'hour';
  const buckets: TrafficBucket[] = [];
  let done = { rxBytes: 0, txBytes: 0 };
  for (let time = begin; ; ) {
    // A look on the hour is the end of the hour before.
    const end = Math.min(trafficEnd(step, time, zone), to);
    const share = end >= to ? 1 : (end - begin) / length;
    const upTo = { rxBytes: Math.round(rxBytes * share), txBytes: Math.round(txBytes * share) };
    const bucket = {
      hour: trafficStart('hour', time, zone),
      day: trafficStart('day', time, zone),
      rxBytes: upTo.rxBytes - done.rxBytes,
      txBytes: upTo.txBytes - done.txBytes,
    };
    if (bucket.rxBytes > 0 || bucket.txBytes > 0) buckets.push(bucket);
    if (end >= to) return buckets;
    done = upTo;
    time = end;
  }
}
