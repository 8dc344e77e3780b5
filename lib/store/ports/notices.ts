import type { Message, Notice } from '../../domain/notice';

/** A notice that waits for a message. `lastNotified`: when this channel last sent a message about its topic. */
export type WaitingNotice = { id: number; notice: Notice; lastNotified: number | null };

/**
 * Notices that wait until messages are made of them, by channel. They are added with the alerts they are about
 * (`AlertStore.saveEvaluation`). Every write is a transaction.
 */
export interface NoticeStore {
  /** Oldest first. */
  waiting(channel: string): Promise<WaitingNotice[]>;
  /** Returns how many unconfirmed messages no later message has mentioned. */
  unconfirmed(channel: string): Promise<number>;
  /** Turns notices into queued messages, and counts the unconfirmed ones as mentioned. */
  compose(
    channel: string,
    noticeIds: readonly number[],
    messages: readonly Message[],
  ): Promise<void>;
  /** Deletes muted notices. Alerts whose firing they are about count as not notified, and get another notice later. */
  withdraw(noticeIds: readonly number[]): Promise<void>;
}
