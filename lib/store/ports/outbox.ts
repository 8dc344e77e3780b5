import type { Mute } from '../../domain/alert';
import type { Message, Notice } from '../../domain/notice';

/** A notice that waits for a message. `lastTold`: when its topic was last told on this channel. */
export type WaitingNotice = { id: number; notice: Notice; lastTold: number | null };

export type QueuedMessage = { id: number; message: Message; attempts: number; notBefore: number };

export type ChannelState = {
  /** Notices and messages that have not gone out. */
  waiting: number;
  lastSentAt: number | null;
  /** Why the last attempt failed; `null` once one has gone out. */
  lastError: string | null;
  /** Messages refused for good in the last week. */
  failed: number;
};

/**
 * The queue to one channel. A notice waits until `compose` makes messages of it; a message is `queued`, `sending`, then
 * `sent`, `failed`, or `unconfirmed` when the program was killed while sending. Every write is a transaction. Same
 * adapter and same database as `AlertStore`.
 */
export interface OutboxStore {
  /** For the start: what a killed process left in `sending` becomes `unconfirmed`. Returns how many. */
  recover(channel: string): Promise<number>;
  /** The oldest queued message. */
  head(channel: string): Promise<QueuedMessage | null>;
  lastAttempt(channel: string): Promise<number | null>;
  /** Oldest first. */
  waiting(channel: string): Promise<WaitingNotice[]>;
  /** Unconfirmed messages that no later message has mentioned. */
  unconfirmed(channel: string): Promise<number>;
  /** Turns notices into messages, and counts the unconfirmed ones as mentioned. */
  compose(
    channel: string,
    noticeIds: readonly number[],
    messages: readonly Message[],
  ): Promise<void>;
  /** Drops notices that may not be told now. Alerts whose firing they told count as untold, and are told when they may. */
  withdraw(noticeIds: readonly number[]): Promise<void>;
  mutes(now: number): Promise<Mute[]>;
  /** From now on it may have arrived. */
  markSending(id: number, now: number): Promise<void>;
  /** It has arrived; its topics were told at `now`. */
  markSent(id: number, now: number): Promise<void>;
  /** It has not arrived; `at` is when the attempt was made. */
  markRetry(id: number, at: number, notBefore: number, error: string): Promise<void>;
  markFailed(id: number, at: number, error: string): Promise<void>;
  channelState(channel: string, now: number): Promise<ChannelState>;
}
