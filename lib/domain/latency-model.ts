import { MINUTE } from '../util/time';
import type { Said } from './said';

/** The usual latency in one half hour that begins at `time`, in milliseconds. */
export type UsualLatency = { time: number; expectedMs: number; lowMs: number; highMs: number };

/** `learning`: not enough data yet; `reason` says how much there is. */
export type LatencyModel =
  | { state: 'learning'; reason: Said }
  | {
      state: 'known';
      /** The half hours learned from, each with what was expected before it was measured; none for the first days. */
      past: UsualLatency[];
      /** The next day's half hours. */
      next: UsualLatency[];
    };

/** A device's baseline has one value for each half hour. */
export const SLOT_MS = 30 * MINUTE;
