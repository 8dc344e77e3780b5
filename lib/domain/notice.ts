import type { Alert } from './alert';

/** One transition of an alert as it was, to be sent to a channel. `at` in epoch milliseconds. */
export type Notice = { kind: 'fired' | 'escalated' | 'resolved'; alert: Alert; at: number };

/** What goes out in one piece: the latest notice of one topic, or a digest of several. Without news it is a test. */
export type Message = {
  createdAt: number;
  /** At most one per topic: its latest. `suppressed` counts the topic's earlier transitions that were never sent. */
  news: { notice: Notice; suppressed: number }[];
  /** How many earlier messages were being sent when the program was killed, and may not have arrived. */
  unconfirmed: number;
};

/** An open alert with how far it is from its next state. */
export type OpenAlert = {
  alert: Alert;
  /** Bad readings since it began, or since the last good one; at most as many as it takes to fire. */
  bad: number;
  /** Good readings since the last bad one. */
  good: number;
  /** Its firing has been handed to the channels. The state machine keeps it as it is. */
  notified: boolean;
};

export const testMessage = (now: number): Message => ({ createdAt: now, news: [], unconfirmed: 0 });

/** How an attempt went. Errors are for people, and hold no secret. */
export type Delivery =
  | { state: 'sent' }
  /** Not now; `afterMs` is how long the other side asked us to wait, `null` when it did not say. */
  | { state: 'retry'; error: string; afterMs: number | null }
  /** Never: the same message would be refused again. */
  | { state: 'failed'; error: string };
