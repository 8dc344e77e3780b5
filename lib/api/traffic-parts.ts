import { type Bytes, bytesOf, NO_BYTES, plus, type TrafficSum } from '../domain/traffic';
import type { TrafficBy } from './traffic-schemas';

/** A part of traffic: one device, user or path, by a key. */
export type TrafficPart = Bytes & { key: string; name: string };

/** What is not shown one by one. */
export const OTHERS = '(other)';

const PATH_NAMES = {
  direct: 'direct',
  peer_relay: 'peer relay',
  relay: 'DERP',
  unknown: 'path not known',
} as const;

/** Returns the key and name of the part that a sum belongs to. */
function partOf(sum: TrafficSum, by: TrafficBy): { key: string; name: string } {
  if (by === 'device') return { key: sum.nodeId, name: sum.hostname };
  if (by === 'user') return { key: sum.user, name: sum.userName };
  const { path, region } = sum;
  const name = PATH_NAMES[path];
  return region === null
    ? { key: path, name }
    : { key: `${path}:${region}`, name: `${name} ${region}` };
}

/** Adds sums up by part, the largest first; names are the last that each had. `sums`: oldest first. */
export function partsOf(sums: readonly TrafficSum[], by: TrafficBy): TrafficPart[] {
  const parts = new Map<string, TrafficPart>();
  for (const sum of sums) {
    const { key, name } = partOf(sum, by);
    parts.set(key, { key, name, ...plus(parts.get(key) ?? NO_BYTES, sum) });
  }
  return [...parts.values()].sort((a, b) => bytesOf(b) - bytesOf(a) || (a.key < b.key ? -1 : 1));
}

export type TrafficPoint = Bytes & { time: number; by: Record<string, Bytes> };

/** Returns a point for each of these periods: what travelled, and how much of it belongs to each of `keys`. */
export function seriesOf(
  sums: readonly TrafficSum[],
  starts: readonly number[],
  by: TrafficBy,
  keys: ReadonlySet<string>,
): TrafficPoint[] {
  const points = starts.map((time): TrafficPoint => ({ time, ...NO_BYTES, by: {} }));
  const byTime = new Map(points.map((point) => [point.time, point]));
  for (const sum of sums) {
    const point = byTime.get(sum.start);
    if (!point) continue;
    const { key } = partOf(sum, by);
    const shown = keys.has(key) ? key : OTHERS;
    Object.assign(point, plus(point, sum));
    point.by[shown] = plus(point.by[shown] ?? NO_BYTES, sum);
  }
  return points;
}
