import type { Said } from '../../domain/said';

/** What waits to be sent to a server; `oldest` in epoch milliseconds. */
export type SpoolState = { points: number; bytes: number; oldest: number | null };

/** The state of sending. */
export type SenderState = SpoolState & {
  /** Why the last attempt failed; `null` once one has succeeded. */
  error: string | null;
  /** The error for readers of any language; a collector of the version before this sends none. */
  errorSaid?: Said | undefined;
  failingSince: number | null;
  /** Points that InfluxDB will never accept: refused one by one, with its reason. */
  rejected: number;
  lastRejected: string | null;
  /** Sent since the start. */
  sent: number;
};
