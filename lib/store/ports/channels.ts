import type { Said } from '../../domain/said';

export type ChannelState = {
  /** Notices and messages that have not been sent. */
  waiting: number;
  lastSentAt: number | null;
  /** Why the last attempt failed; `null` once one has succeeded. */
  lastError: string | null;
  /** The error for readers of any language; absent where the version before this noted it. */
  lastErrorSaid?: Said | undefined;
  /** Messages permanently refused in the last week. */
  failed: number;
};

/** The state of each channel. */
export interface ChannelStates {
  channelState(channel: string, now: number): Promise<ChannelState>;
}
