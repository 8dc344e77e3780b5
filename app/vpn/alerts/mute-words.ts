import type { AlertsResponse, MuteResponse } from '@/lib/api/health-schemas';
import { MINUTE } from '@/lib/util/time';
import { formatBucket, formatQuantity } from '../../../lib/domain/format';
import type { TimeZone } from '../../../lib/domain/time-zone';

/** Names what a mute silences: `“Key of nas expires in 2 days”`, or `All alerts`. */
export function mutedName(
  { topic }: Pick<MuteResponse, 'topic'>,
  { open, history }: Pick<AlertsResponse, 'open' | 'history'>,
): string {
  if (topic === null) return 'All alerts';
  const alert = [...open, ...history].find((other) => other.topic === topic);
  return alert ? `“${alert.title}”` : topic;
}

/** When a mute ends, as seen from `now` (epoch milliseconds): `00:15`, with the day if that is another one. */
export function untilWords(until: string, now: number, zone: TimeZone): string {
  const time = Date.parse(until);
  const isOtherDay = zone.dayOf(time) !== zone.dayOf(now);
  return formatBucket(time, MINUTE, isOtherDay, now, zone);
}

/** The length of a mute in words: `1 hour`, `8 hours`, `1 day`. */
export function muteLength(minutes: number): string {
  return minutes % 1440 === 0
    ? formatQuantity(minutes / 1440, 'day')
    : formatQuantity(minutes / 60, 'hour');
}
