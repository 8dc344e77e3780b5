import type { Alert } from '../../domain/alert';
import type { Notice, OpenAlert } from '../../domain/notice';

/** The changes of one evaluation; stored completely or not at all. */
export type Evaluation = {
  /** New and changed alerts, resolved ones too. Acknowledgements and `notified` are not written from here. */
  changed: readonly OpenAlert[];
  /** Pending alerts to delete. */
  vanished: readonly number[];
  /** To be sent, in this order, on every one of `channels`. */
  notices: readonly Notice[];
  channels: readonly string[];
  /** Alerts whose firing these notices are about. */
  notified: readonly number[];
};

export type AlertFilter = { topic: string | null; nodeId: string | null };
export type AlertPage = { alerts: Alert[]; nextCursor: string | null };

/**
 * Stores alerts. Every call throws `StoreUnavailable` when the disk refuses it, and then nothing of it is stored. Times
 * in epoch milliseconds.
 */
export interface AlertStore {
  /** Pending and firing alerts, oldest first. */
  openAlerts(): Promise<OpenAlert[]>;
  /** Returns an id higher than that of any alert that ever existed. */
  nextAlertId(): Promise<number>;
  /** Stores alerts and the notices about them in one transaction: a crash loses both or neither. */
  saveEvaluation(evaluation: Evaluation): Promise<void>;
  /**
   * Records who acknowledged a firing alert; the first one stays. Returns the alert as it is then, `null` when there is
   * none.
   */
  acknowledge(id: number, by: string, now: number): Promise<Alert | null>;
  /** Takes the acknowledgement of a firing alert back. Returns the alert as it is then, `null` when none had one. */
  unacknowledge(id: number): Promise<Alert | null>;
  /** Returns resolved alerts, newest first. `cursor` is a page's `nextCursor`. Throws `BadCursor`. */
  history(filter: AlertFilter, limit: number, cursor: string | null): Promise<AlertPage>;
}
