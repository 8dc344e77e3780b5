import type { TrafficBy } from '@/lib/api/traffic-schemas';
import type { TimeZone } from '@/lib/domain/time-zone';
import { monthOf } from '@/lib/domain/traffic-budget';
import { collectorOf } from '../view';

/** What the traffic page shows, as written in its URL. */

const DAYS = { '24h': 1, '7d': 7, '30d': 30, '90d': 90 } as const;
export type TrafficRange = keyof typeof DAYS;
export const TRAFFIC_RANGES: readonly TrafficRange[] = ['24h', '7d', '30d', '90d'];
export const PARTS: readonly TrafficBy[] = ['path', 'device', 'user'];

export type TrafficView = {
  range: TrafficRange;
  by: TrafficBy;
  collector: string | undefined;
};

/** Reads a view; what is not valid falls back to 30 days, by path. */
export function parseTrafficView(params: URLSearchParams): TrafficView {
  const range = TRAFFIC_RANGES.find((known) => known === params.get('range')) ?? '30d';
  const by = PARTS.find((known) => known === params.get('by')) ?? 'path';
  return { range, by, collector: collectorOf(params) };
}

/** Returns the address of a view; what is usual is left out. */
export function trafficHref({ range, by, collector }: TrafficView): string {
  const params = new URLSearchParams();
  if (range !== '30d') params.set('range', range);
  if (by !== 'path') params.set('by', by);
  if (collector !== undefined) params.set('collector', collector);
  return params.size > 0 ? `/vpn/traffic?${params}` : '/vpn/traffic';
}

/** Returns the parameters that a page's calls need. */
export function trafficParameters(
  { range, by, collector }: TrafficView,
  now: number,
  zone: TimeZone,
) {
  const iso = (time: number) => new Date(time).toISOString();
  const last = monthOf(now, zone, 1);
  return {
    ...{ days: DAYS[range], by, collector },
    today: iso(zone.startOfDay(zone.dayOf(now))),
    month: iso(last.to),
    lastMonth: iso(last.from),
  };
}
