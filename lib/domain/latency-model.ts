import { MINUTE } from '../util/time';

/** What is usual in one half hour that begins at `time`, in milliseconds. */
export type UsualLatency = { time: number; expectedMs: number; lowMs: number; highMs: number };

/** `learning`: too little is known; `reason` says how much there is. */
export type LatencyModel =
  | { state: 'learning'; reason: string }
  | {
      state: 'known';
      /** The half hours learned from, each with what had been expected before it came; none for the first days. */
      past: UsualLatency[];
      /** The next day's half hours. */
      next: UsualLatency[];
    };

/** The normal of a node is told by the half hour. */
export const SLOT_MS = 30 * MINUTE;
