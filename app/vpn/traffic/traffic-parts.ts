import type { TrafficBy, TrafficResponse } from '@/lib/api/traffic-schemas';
import { TRAFFIC_PATHS, type TrafficPath } from '@/lib/domain/traffic';
import { t } from '@/lib/i18n/t';

/** One part of the chart: what it is called, and its bytes in each period. */
export type ChartPart = { key: string; name: string; color: string; values: number[] };

const PATH_COLORS: Record<TrafficPath, string> = {
  direct: '--path-direct',
  peer_relay: '--path-peer-relay',
  relay: '--path-relay',
  unknown: '--path-idle',
};
const COLORS = 8;

/** Returns the path of a key such as `relay:fra`. */
export const pathOfKey = (key: string): TrafficPath =>
  TRAFFIC_PATHS.find((path) => path === key.split(':')[0]) ?? 'unknown';

const PATH_NAMES = {
  direct: 'traffic.path_direct',
  peer_relay: 'traffic.path_peer_relay',
  relay: 'traffic.path_relay',
  unknown: 'traffic.path_unknown',
} as const;

/** Returns the parts that a chart stacks, largest first; regions of DERP are one, all others together the last. */
export function chartParts(answer: TrafficResponse, by: TrafficBy): ChartPart[] {
  const { series } = answer;
  const groupOf = (key: string) => (by === 'path' ? pathOfKey(key) : key);
  const names = new Map(answer.by.map(({ key, name }) => [key, name]));
  const shown = new Set(series.flatMap(({ by: parts }) => Object.keys(parts)));
  const keys = answer.by.map(({ key }) => key).filter((key) => shown.has(key));
  if (shown.has('(other)')) keys.push('(other)');
  const groups = [...new Set(keys.map(groupOf))];
  return groups.map((group, index) => ({
    key: group,
    name:
      by === 'path' ? t(PATH_NAMES[pathOfKey(group)]) : (names.get(group) ?? t('traffic.others')),
    color: by === 'path' ? PATH_COLORS[pathOfKey(group)] : colorOf(group, index),
    values: series.map(({ by: parts }) =>
      Object.entries(parts)
        .filter(([key]) => groupOf(key) === group)
        .reduce((sum, [, { rx_bytes, tx_bytes }]) => sum + rx_bytes + tx_bytes, 0),
    ),
  }));
}

const colorOf = (key: string, index: number) =>
  key === '(other)' ? '--path-idle' : `--part-${index % COLORS}`;
