import type { AlertsResponse, MuteResponse } from '@/lib/api/health-schemas';
import { MINUTE } from '@/lib/util/time';
import { formatBucket } from '../../../lib/domain/format';
import type { TimeZone } from '../../../lib/domain/time-zone';
import { t } from '../../../lib/i18n/t';

/** Names what a mute silences: `“Key of nas expires in 2 days”`, `All alerts about nas`, or `All alerts`. */
export function mutedName(
  { topic, node_id }: Pick<MuteResponse, 'topic' | 'node_id'>,
  { open, history }: Pick<AlertsResponse, 'open' | 'history'>,
): string {
  const known = [...open, ...history];
  if (topic !== null) {
    const alert = known.find((other) => other.topic === topic);
    return alert ? `“${alert.title}”` : topic;
  }
  if (node_id === null) return t('alerts.allAlerts');
  const name = known.find((other) => other.node_id === node_id)?.hostname ?? node_id;
  return t('alerts.deviceAlerts', { name });
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
    ? t('alerts.days', { count: minutes / 1440 })
    : t('alerts.hours', { count: minutes / 60 });
}
