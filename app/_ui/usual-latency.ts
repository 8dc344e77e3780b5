import type { LatencyForecastResponse } from '@/lib/api/health-schemas';
import type { LatencyLine, LatencyPoint } from './latency-shapes';

/** The usual range at a step of a latency line; milliseconds. */
export type Usual = { expected: number; low: number; high: number };

/**
 * Returns the usual range of a device at each step of its line, interpolated between the half hours it is known for;
 * `null` where it is not known. Both are taken at the middle of their step.
 */
export function usualOf(
  { points }: LatencyLine,
  stepMs: number,
  { points: baseline, slot_seconds }: LatencyForecastResponse,
): (Usual | null)[] {
  const half = slot_seconds * 500;
  const slots = baseline.map((point) => ({ time: Date.parse(point.timestamp) + half, ...point }));
  let next = 0;
  return points.map((point) => {
    const time = point.time + stepMs / 2;
    while (next < slots.length && (slots[next]?.time ?? 0) < time) next++;
    const after = slots[next];
    const before = slots[next - 1] ?? after;
    if (!before || !after || before.time - time > half) return null;
    const share = after.time > before.time ? (time - before.time) / (after.time - before.time) : 0;
    const between = (key: 'expected_ms' | 'low_ms' | 'high_ms') =>
      before[key] + Math.min(1, Math.max(0, share)) * (after[key] - before[key]);
    return {
      expected: between('expected_ms'),
      low: between('low_ms'),
      high: between('high_ms'),
    };
  });
}

/** Converts the usual range into points, so that it is drawn like any other band. */
export function usualPoints(line: LatencyLine, usual: readonly (Usual | null)[]): LatencyPoint[] {
  return line.points.map(({ time }, index) => {
    const { expected = null, low = null, high = null } = usual[index] ?? {};
    return {
      time,
      avg: expected,
      min: low,
      max: high,
      loss: null,
      path: null,
      sent: 0,
      received: 0,
    };
  });
}

/** Returns how high a chart must reach to show the usual range: at most 1.5 times what was measured, if anything was. */
export function reachOfUsual(usual: readonly (Usual | null)[], needed: number): number {
  const highest = Math.max(0, ...usual.map((one) => one?.high ?? 0));
  return needed === 0 ? highest : Math.max(needed, Math.min(1.5 * needed, highest));
}
