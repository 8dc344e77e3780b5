import type { TimeRange } from '../domain/access';
import type { HitBlock } from './hit-block';
import type { RollUpRows } from './roll-up';
import type { WantedVisitors } from './slices';

/** What a range is added up into. */
export interface Accumulator<Self> {
  /** How much memory it takes. */
  readonly byteLength: number;
  /** Only rows of these count. */
  readonly visitors: WantedVisitors;
  /** Adds a roll-up that counts wholly; `last` is the last moment of its period. */
  addRows(rows: RollUpRows, last: number): void;
  /** Adds the hits of a block that are in the range; `hour` is the block's start. */
  addHits(block: HitBlock, hour: number, range: TimeRange): void;
  /** What has been added up so far, to go on from. */
  copy(): Self;
}

/** Adds to a count. Of one kind of array only: with two, each of a million calls would have to look which it is. */
export function plus(counts: Float64Array, i: number, by: number): void {
  counts[i] = (counts[i] ?? 0) + by;
}

/**
 * Returns counts by visitor as counts by what `of` says each belongs to. A plain loop, as elsewhere over many numbers:
 * `forEach` makes an object of each fraction that it hands over.
 */
export function grouped(counts: Float64Array, of: Uint32Array, length: number): Float64Array {
  const sums = new Float64Array(length);
  for (let i = 0; i < counts.length; i++) plus(sums, of[i] ?? 0, counts[i] ?? 0);
  return sums;
}
