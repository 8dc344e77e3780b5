import type { Alert, Mute } from '../domain/alert';
import { InvalidInput } from '../domain/errors';
import { isMuted } from '../domain/mute';
import type { Notice, OpenAlert } from '../domain/notice';
import { logger } from '../log/log';
import type { AlertFilter, AlertPage } from '../store/ports/alerts';
import type { AlertStores } from '../store/ports/stores';
import type { Facts, Fresh } from './facts';
import { step, type Transition } from './machine';
import { readings } from './rules';

const log = logger('alerts');

export type AlertNews = Transition | { kind: 'acknowledged'; alert: Alert };

const WORST_FIRST = { critical: 0, warning: 1, info: 2 } as const;

export type AlertEngineOptions = {
  store: Pick<AlertStores, 'alerts' | 'mutes'>;
  /** The names of the channels that notices are for; empty when none is set up. */
  channels: readonly string[];
  now?: () => number;
};

/**
 * Judges the facts, keeps the alerts, and leaves notices for the outboxes. Alerts and the notices about them are stored
 * in one transaction, so a restart at any instant loses no alert and fires none twice.
 */
export class AlertEngine {
  private readonly store: AlertEngineOptions['store'];
  private readonly channels: readonly string[];
  private readonly now: () => number;
  private readonly listeners = new Set<(news: AlertNews) => void>();
  private readonly seenRounds = new Map<string, number>();
  private readonly seenJobs = new Map<string, number>();
  /** Rounds and runs from before this were judged by the process before. */
  private readonly startedAt: number;
  private last: Promise<unknown> = Promise.resolve();

  constructor({ store, channels, now = Date.now }: AlertEngineOptions) {
    this.store = store;
    this.channels = channels;
    this.now = now;
    this.startedAt = now();
  }

  /**
   * Takes the facts one step further; what changed has been stored when it resolves. Throws `StoreUnavailable`, and then
   * the same facts may be given again.
   */
  evaluate(facts: Facts): Promise<Transition[]> {
    return this.inTurn(async () => {
      const { now } = facts;
      const before = await this.store.alerts.openAlerts();
      const mutes = await this.store.mutes.mutes(now);
      const fresh = this.fresh(facts);
      const { open, changed, vanished, transitions } = step(
        before,
        readings(facts, fresh),
        facts.removedNodeIds,
        now,
        await this.store.alerts.nextAlertId(),
      );
      const notifiedBefore = new Set(
        before.flatMap(({ alert, notified }) => (notified ? [alert.id] : [])),
      );
      const quiet = (alert: Alert) => this.channels.length === 0 || isMuted(alert, mutes, now);
      const notices = transitions
        .filter(
          ({ kind, alert }) => !quiet(alert) && (kind === 'fired' || notifiedBefore.has(alert.id)),
        )
        .map((transition): Notice => ({ ...transition, at: now }));
      notices.push(...overdue(open, notices, now).filter(({ alert }) => !quiet(alert)));
      const notified = notices.flatMap(({ kind, alert }) => (kind === 'fired' ? [alert.id] : []));
      if (changed.length + vanished.length + notices.length > 0) {
        const { channels } = this;
        const evaluation = { changed, vanished, notices, channels, notified };
        await this.store.alerts.saveEvaluation(evaluation);
      }
      this.remember(facts);
      for (const transition of transitions) this.publish(transition);
      return transitions;
    });
  }

  /** Firing and pending alerts, worst first. */
  async open(): Promise<Alert[]> {
    const open = (await this.store.alerts.openAlerts()).map(({ alert }) => alert);
    return open.sort(
      (a, b) =>
        Number(a.state === 'pending') - Number(b.state === 'pending') ||
        WORST_FIRST[a.severity] - WORST_FIRST[b.severity] ||
        a.since - b.since,
    );
  }

  /** Resolved alerts, newest first. Throws `BadCursor`. */
  history(
    limit: number,
    cursor: string | null = null,
    filter: Partial<AlertFilter> = {},
  ): Promise<AlertPage> {
    return this.store.alerts.history({ topic: null, nodeId: null, ...filter }, limit, cursor);
  }

  /** Notes who has seen a firing alert. The alert as it is then; `null` when there is none. */
  acknowledge(id: number, by: string): Promise<Alert | null> {
    return this.inTurn(async () => {
      const now = this.now();
      const alert = await this.store.alerts.acknowledge(id, by, now);
      const isNew = alert?.acknowledgedAt === now && alert.acknowledgedBy === by;
      if (isNew) this.publish({ kind: 'acknowledged', alert });
      return alert;
    });
  }

  /**
   * Keeps messages back from `from` (by default now) until `until`; both topic and node `null`: all of them. What still
   * fires after it and was never notified is notified then. Throws `InvalidInput` when it would be over before it begins.
   */
  async mute(mute: Omit<Mute, 'id' | 'from'> & { from?: number }): Promise<Mute> {
    const from = mute.from ?? this.now();
    if (mute.until <= Math.max(from, this.now()))
      throw new InvalidInput({ parameter: 'until', message: 'must be in the future' });
    return this.inTurn(() => this.store.mutes.addMute({ ...mute, from }));
  }

  /** Ends a mute now, or calls a coming one off; whether there was one. */
  unmute(id: number): Promise<boolean> {
    return this.inTurn(() => this.store.mutes.endMute(id, this.now()));
  }

  /** Those in force or to come. */
  mutes(): Promise<Mute[]> {
    return this.store.mutes.mutes(this.now());
  }

  /** Tells of every transition once it is stored. Returns what ends the subscription. */
  subscribe(listener: (news: AlertNews) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private publish(news: AlertNews): void {
    note(news);
    for (const listener of this.listeners) listener(news);
  }

  private fresh({ rounds, jobs }: Facts): Fresh {
    const newer = (seen: Map<string, number>, key: string, time: number) =>
      time > (seen.get(key) ?? this.startedAt - 1);
    return {
      rounds: new Set(
        rounds
          .map(({ connection }) => connection)
          .filter(({ nodeId, time }) => newer(this.seenRounds, nodeId, time))
          .map(({ nodeId }) => nodeId),
      ),
      jobs: new Set(
        jobs
          .filter(({ name, lastRun }) => lastRun !== null && newer(this.seenJobs, name, lastRun))
          .map(({ name }) => name),
      ),
    };
  }

  private remember({ rounds, jobs }: Facts): void {
    for (const { connection } of rounds) this.seenRounds.set(connection.nodeId, connection.time);
    for (const { name, lastRun } of jobs) if (lastRun !== null) this.seenJobs.set(name, lastRun);
  }

  /** One change at a time: each reads what the one before has stored. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => {});
    return turn;
  }
}

/** Alerts that fired while they were muted, or while there was no channel, and that nobody has seen since. */
function overdue(open: readonly OpenAlert[], notices: readonly Notice[], now: number): Notice[] {
  const telling = new Set(notices.map(({ alert }) => alert.id));
  return open.flatMap(({ alert, notified }) => {
    const waits = alert.state === 'firing' && alert.acknowledgedAt === null;
    return waits && !notified && !telling.has(alert.id)
      ? [{ kind: 'fired' as const, alert, at: now }]
      : [];
  });
}

/** A transition as a line of the log. */
function note({
  kind,
  alert: { id, title, topic, severity, evidence, acknowledgedBy },
}: AlertNews): void {
  const data = { alert: id, topic, severity, evidence };
  if (kind === 'fired') log.warn(`alert fired: ${title}`, data);
  else if (kind === 'resolved') log.info(`alert resolved: ${title}`, data);
  else log.info(`alert acknowledged by ${acknowledgedBy}: ${title}`, data);
}
