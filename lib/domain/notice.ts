import type { Alert } from './alert';

/** One transition of an alert as it was, to be sent to a channel. Times in epoch milliseconds. */
export type Notice = {
  kind: 'fired' | 'escalated' | 'resolved';
  alert: Alert;
  at: number;
  /** Absent: it stands for itself. */
  together?: Together;
};

/** What a notice is sent with: those of one incident are one message. */
export type Together = {
  /** The number of the incident's first alert. */
  incident: number;
  /** Until then it waits for others of its incident; epoch milliseconds. */
  holdUntil: number;
  /** What else of its incident has been notified, and still lasts. */
  also: string[];
};

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
  /** The number of the first alert that it happened together with. */
  incident?: number;
};

export const testMessage = (now: number): Message => ({ createdAt: now, news: [], unconfirmed: 0 });

/** How an attempt went. Errors are for people, and hold no secret. */
export type Delivery =
  | { state: 'sent' }
  /** Not now; `afterMs` is how long the other side asked us to wait, `null` when it did not say. */
  | { state: 'retry'; error: string; afterMs: number | null }
  /** Never: the same message would be refused again. */
  | { state: 'failed'; error: string };
