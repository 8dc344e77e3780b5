import type { Connection } from '../domain/connection';
import type { LatencyModel } from '../domain/latency-model';
import { SLOT_MS } from '../domain/latency-model';

/** The latency of a half hour, and the baseline of that time, in milliseconds. */
export type BesideUsual = { meanMs: number; expectedMs: number; lowMs: number; highMs: number };

/**
 * Returns the mean latency of `rounds` (those of the last half hour, since a single round says little) with the
 * baseline at `time`; `null` while there is none, or when nothing answered.
 */
export function usualBeside(
  model: LatencyModel | null,
  rounds: readonly Pick<Connection, 'latencyAvg' | 'received'>[],
  time: number,
): BesideUsual | null {
  if (model?.state !== 'known') return null;
  const slot = model.next.find((one) => one.time <= time && time < one.time + SLOT_MS);
  const answered = rounds.reduce((sum, { received }) => sum + received, 0);
  if (!slot || answered === 0) return null;
  const total = rounds.reduce(
    (sum, { latencyAvg, received }) => sum + (latencyAvg ?? 0) * received,
    0,
  );
  const { expectedMs, lowMs, highMs } = slot;
  return { meanMs: total / answered, expectedMs, lowMs, highMs };
}
