import type { Message } from '../../domain/notice';

/** Digests, each sent once. */
export interface DigestQueue {
  /** Returns the end of the last period that has been dealt with; `null` before the first. */
  lastDigest(): Promise<number | null>;
  /**
   * Queues the digest of the period that ends then on each channel, in one transaction, unless that period or a later
   * one has been dealt with; returns whether it did. Without a message, the period only counts as dealt with.
   */
  queueDigest(to: number, channels: readonly string[], message: Message | null): Promise<boolean>;
}
