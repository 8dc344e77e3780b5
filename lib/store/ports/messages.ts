import type { Message } from '../../domain/notice';
import type { Said } from '../../domain/said';

export type QueuedMessage = { id: number; message: Message; attempts: number; notBefore: number };

/**
 * The messages of each channel. A message is `queued`, `sending`, then `sent`, `failed`, or `unconfirmed` when the
 * program was killed while sending. Every write is a transaction.
 */
export interface MessageQueue {
  /** At the start: turns what a killed process left in `sending` into `unconfirmed`. Returns how many. */
  recover(channel: string): Promise<number>;
  /** Returns the oldest queued message. */
  nextMessage(channel: string): Promise<QueuedMessage | null>;
  lastAttempt(channel: string): Promise<number | null>;
  /** Records that it is being sent: from now on it may have arrived. */
  startSending(id: number, now: number): Promise<void>;
  /** Records that it has arrived: its topics were notified at `now`. */
  confirmSent(id: number, now: number): Promise<void>;
  /** Queues it again, as it has not arrived; `at` is when the attempt was made. */
  retryLater(id: number, at: number, notBefore: number, error: Said): Promise<void>;
  /** Records that it has not arrived and never will. */
  giveUp(id: number, at: number, error: Said): Promise<void>;
}
