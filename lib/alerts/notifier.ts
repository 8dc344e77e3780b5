import type { Delivery, Message } from '../domain/notice';

export type Outgoing = {
  /** Unique for the message, the same at every attempt. */
  id: string;
  message: Message;
};

/** A way to tell people. Every call ends within a fixed time; it does not throw except what `beforeBytes` throws. */
export interface Notifier {
  /** The channel: unique, stable over restarts (what waits is kept under it). */
  readonly name: string;
  /** The least time between two messages. */
  readonly minGapMs: number;
  /**
   * Makes one attempt. `beforeBytes` is awaited when there is a connection and nothing has been written to it yet: until
   * then the message has certainly not arrived, from then on it may have.
   */
  send(outgoing: Outgoing, beforeBytes: () => Promise<void>): Promise<Delivery>;
}
