export type ChannelState = {
  /** Notices and messages that have not gone out. */
  waiting: number;
  lastSentAt: number | null;
  /** Why the last attempt failed; `null` once one has gone out. */
  lastError: string | null;
  /** Messages refused for good in the last week. */
  failed: number;
};

/** How each channel is doing. */
export interface ChannelStates {
  channelState(channel: string, now: number): Promise<ChannelState>;
}
