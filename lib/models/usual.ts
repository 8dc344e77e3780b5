import type { Connection } from '../domain/connection';
import type { LatencyModel } from '../domain/latency-model';
import { SLOT_MS } from '../domain/latency-model';

/** What a half hour was, beside what is usual at its time. Milliseconds. */
export type BesideUsual = { meanMs: number; expectedMs: number; lowMs: number; highMs: number };

/**
 * The mean latency of `rounds` (those of the last half hour: a single round says little) beside what is usual at `time`;
 * `null` while that is not known, or when nothing answered.
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
