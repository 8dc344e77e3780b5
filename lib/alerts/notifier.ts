import type { Delivery, Message } from '../domain/notice';

export type Outgoing = {
  /** Unique for the message, the same at every attempt. */
  id: string;
  message: Message;
};

/** A channel for messages to people. Every call ends within a fixed time; it throws only what `beforeBytes` throws. */
export interface Notifier {
  /** The channel: unique, stable over restarts (its queue is stored under this name). */
  readonly name: string;
  /** The minimum time between two messages. */
  readonly minGapMs: number;
  /**
   * Makes one attempt. `beforeBytes` is awaited once there is a connection and before anything is written to it: until
   * then the message has certainly not arrived, afterwards it may have.
   */
  send(outgoing: Outgoing, beforeBytes: () => Promise<void>): Promise<Delivery>;
}
