import type { Alert } from './alert';
import type { Digest } from './digest';
import type { Said, SaidValue } from './said';

/** A snapshot of an alert's transition, to be sent to a channel. Times in epoch milliseconds. */
export type Notice = {
  kind: 'fired' | 'escalated' | 'resolved';
  alert: Alert;
  at: number;
  /** Absent: it is sent on its own. */
  together?: Together;
};

/** What a notice is sent with: those of one incident form one message. */
export type Together = {
  /** The number of the incident's first alert. */
  incident: number;
  /** It waits until then for others of its incident; epoch milliseconds. */
  holdUntil: number;
  /** The titles of what else of its incident has been notified, and is still open. */
  also: SaidValue[];
};

/** One outgoing message: the latest notice of one topic, or of several; or a digest. Without any of these it is a test. */
export type Message = {
  createdAt: number;
  /** At most one per topic: its latest. `suppressed` counts the topic's earlier transitions that were never sent. */
  news: { notice: Notice; suppressed: number }[];
  /** How many earlier messages were being sent when the program was killed, and may not have arrived. */
  unconfirmed: number;
  digest?: Digest | undefined;
};

/** An open alert with its progress towards the next state. */
export type OpenAlert = {
  alert: Alert;
  /** Bad readings since it began, or since the last good one; counted up to the number required to fire. */
  bad: number;
  /** Good readings since the last bad one. */
  good: number;
  /** Its firing has been handed to the channels. The state machine leaves this unchanged. */
  notified: boolean;
  /** The number of the first alert of its incident. */
  incident?: number;
};

export const testMessage = (now: number): Message => ({ createdAt: now, news: [], unconfirmed: 0 });

/** The result of an attempt. Errors are for users and contain no secrets. */
export type Delivery =
  | { state: 'sent' }
  /** Not now; `afterMs` is how long the other side asked us to wait, `null` when it did not say. */
  | { state: 'retry'; error: Said; afterMs: number | null }
  /** Never: the same message would be refused again. */
  | { state: 'failed'; error: Said };
