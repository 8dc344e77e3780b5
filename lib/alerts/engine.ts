import { type Alert, isAnnouncement, type Mute } from '../domain/alert';
import { InvalidInput } from '../domain/errors';
import { isMuted } from '../domain/mute';
import type { OpenAlert } from '../domain/notice';
import { say } from '../domain/said';
import { logger } from '../log/log';
import type { AlertFilter, AlertPage } from '../store/ports/alerts';
import type { AlertStores } from '../store/ports/stores';
import { BadTimes } from './bad-times';
import { endings, nameIn } from './endings';
import type { Facts, Fresh } from './facts';
import { joinIncidents, noticeOf } from './incidents';
import { type Step, step, type Transition } from './machine';
import { readings } from './rules';

const log = logger('alerts');

export type AlertNews = Transition | { kind: 'acknowledged' | 'unacknowledged'; alert: Alert };

const WORST_FIRST = { critical: 0, warning: 1, info: 2 } as const;

export type AlertEngineOptions = {
  store: Pick<AlertStores, 'alerts' | 'mutes'>;
  /** The names of the channels that notices are written for; empty when none is set up. */
  channels: readonly string[];
  now?: () => number;
};

/**
 * Evaluates the facts, stores the alerts, and queues notices for the outboxes. Alerts and the notices about them are
 * stored in one transaction, so a restart at any instant loses no alert and fires none twice.
 */
export class AlertEngine {
  private readonly store: AlertEngineOptions['store'];
  private readonly channels: readonly string[];
  private readonly now: () => number;
  private readonly listeners = new Set<(news: AlertNews) => void>();
  private readonly seenRounds = new Map<string, number>();
  private readonly seenJobs = new Map<string, number>();
  private readonly badTimes = new BadTimes();
  private isRestored = false;
  /** Rounds and runs from before this were evaluated by the previous process. */
  private readonly startedAt: number;
  private last: Promise<unknown> = Promise.resolve();

  constructor({ store, channels, now = Date.now }: AlertEngineOptions) {
    this.store = store;
    this.channels = channels;
    this.now = now;
    this.startedAt = now();
  }

  /**
   * Evaluates new facts; the changes have been stored when it resolves. Throws `StoreUnavailable`, after which the same
   * facts may be passed again.
   */
  evaluate(facts: Facts): Promise<Transition[]> {
    return this.inTurn(async () => {
      const { now, elapsed } = facts;
      const before = await this.store.alerts.openAlerts();
      if (!this.isRestored) this.badTimes.restore(before, now);
      const mutes = await this.store.mutes.mutes(now);
      const current = readings(facts, this.fresh(facts));
      this.badTimes.count(current, elapsed);
      const stepped = step(before, current, {
        now,
        nextId: await this.store.alerts.nextAlertId(),
        badForMs: (topic) => this.badTimes.of(topic),
        endedBecause: endings(facts),
        nameOf: nameIn(facts),
      });
      const { transitions, vanished } = stepped;
      const open = joinIncidents(stepped.open, transitions);
      this.badTimes.keep(new Set(open.map(({ alert }) => alert.topic)));
      const changed = changesOf(stepped, open);
      const wasNotified = new Set(
        before.flatMap(({ alert, notified }) => (notified ? [alert.id] : [])),
      );
      const incidents = new Map(
        [...before, ...open].map(({ alert, incident }) => [alert.id, incident]),
      );
      const quiet = (alert: Alert) =>
        this.channels.length === 0 || isMuted(alert, mutes, now) || isAbsorbed(alert, open);
      const notices = [...transitions, ...overdue(open, transitions)]
        .filter(({ kind, alert }) => kind === 'fired' || wasNotified.has(alert.id))
        .filter(({ kind, alert }) => !(kind === 'resolved' && isAnnouncement(alert)))
        .filter((one) => !quiet(one.alert) && !isSaidByAnother(one, transitions))
        .map((one) => noticeOf(one, open, incidents.get(one.alert.id), now));
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

  /** Returns firing and pending alerts, worst first. */
  async open(): Promise<Alert[]> {
    const open = (await this.store.alerts.openAlerts()).map(({ alert }) => alert);
    return open.sort(
      (a, b) =>
        Number(a.state === 'pending') - Number(b.state === 'pending') ||
        WORST_FIRST[a.severity] - WORST_FIRST[b.severity] ||
        a.since - b.since,
    );
  }

  /** Returns resolved alerts, newest first. Throws `BadCursor`. */
  history(
    limit: number,
    cursor: string | null = null,
    filter: Partial<AlertFilter> = {},
  ): Promise<AlertPage> {
    return this.store.alerts.history({ topic: null, nodeId: null, ...filter }, limit, cursor);
  }

  /** Records who acknowledged a firing alert. Returns the alert as it is then; `null` when there is none. */
  acknowledge(id: number, by: string): Promise<Alert | null> {
    return this.inTurn(async () => {
      const now = this.now();
      const alert = await this.store.alerts.acknowledge(id, by, now);
      const isNew = alert?.acknowledgedAt === now && alert.acknowledgedBy === by;
      if (isNew) this.publish({ kind: 'acknowledged', alert });
      return alert;
    });
  }

  /** Takes an acknowledgement back. Returns the alert as it is then; `null` when no firing alert had one. */
  unacknowledge(id: number): Promise<Alert | null> {
    return this.inTurn(async () => {
      const alert = await this.store.alerts.unacknowledge(id);
      if (alert) this.publish({ kind: 'unacknowledged', alert });
      return alert;
    });
  }

  /**
   * Suppresses messages from `from` (by default now) until `until`; both topic and device `null`: all of them. Alerts
   * that still fire afterwards and were never notified are notified then. Throws `InvalidInput` when it would be over
   * before it begins.
   */
  async mute(mute: Omit<Mute, 'id' | 'from'> & { from?: number }): Promise<Mute> {
    const from = mute.from ?? this.now();
    if (mute.until <= Math.max(from, this.now()))
      throw new InvalidInput({ parameter: 'until', message: say('faults.future') });
    return this.inTurn(() => this.store.mutes.addMute({ ...mute, from }));
  }

  /** Ends a mute now, or cancels a planned one; returns whether there was one. */
  unmute(id: number): Promise<boolean> {
    return this.inTurn(() => this.store.mutes.endMute(id, this.now()));
  }

  /** Returns current and planned mutes. */
  mutes(): Promise<Mute[]> {
    return this.store.mutes.mutes(this.now());
  }

  /** Calls the listener with every transition once it is stored. Returns a function that ends the subscription. */
  subscribe(listener: (news: AlertNews) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private publish(news: AlertNews): void {
    note(news);
    for (const listener of this.listeners) listener(news);
  }

  /** Compares times for difference, not for order: the clock may have been set back. */
  private fresh({ rounds, jobs }: Facts): Fresh {
    const isNew = (seen: Map<string, number>, key: string, time: number) => {
      const before = seen.get(key);
      if (before !== undefined) return time !== before;
      return this.isRestored || time >= this.startedAt;
    };
    return {
      rounds: new Set(
        rounds
          .map(({ connection }) => connection)
          .filter(({ nodeId, time }) => isNew(this.seenRounds, nodeId, time))
          .map(({ nodeId }) => nodeId),
      ),
      jobs: new Set(
        jobs
          .filter(({ name, lastRun }) => lastRun !== null && isNew(this.seenJobs, name, lastRun))
          .map(({ name }) => name),
      ),
    };
  }

  private remember({ rounds, jobs }: Facts): void {
    this.isRestored = true;
    for (const { connection } of rounds) this.seenRounds.set(connection.nodeId, connection.time);
    for (const { name, lastRun } of jobs) if (lastRun !== null) this.seenJobs.set(name, lastRun);
  }

  /** Runs one change at a time: each reads what the previous one has stored. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => {});
    return turn;
  }
}

/**
 * Returns alerts that fired while they were muted, or while there was no channel, and that have not been acknowledged
 * since.
 */
function overdue(open: readonly OpenAlert[], transitions: readonly Transition[]): Transition[] {
  const fired = new Set(transitions.map(({ alert }) => alert.id));
  return open.flatMap(({ alert, notified }) => {
    const waits = alert.state === 'firing' && alert.acknowledgedAt === null;
    return waits && !notified && !fired.has(alert.id) ? [{ kind: 'fired' as const, alert }] : [];
  });
}

/**
 * Returns whether another alert makes this one redundant: an outage of an unstable device is not reported, nor the end
 * of the instability when the device is simply down.
 */
function isAbsorbed(alert: Alert, open: readonly OpenAlert[]): boolean {
  const isEnd = alert.rule === 'unstable' && alert.state === 'resolved';
  const other = alert.rule === 'offline' ? 'unstable' : isEnd ? 'offline' : null;
  return open.some(
    ({ alert: one }) => one.rule === other && one.nodeId === alert.nodeId && one.state === 'firing',
  );
}

/** Returns whether a later alert about our own device ends with this one: that it is connected is said once. */
function isSaidByAnother({ kind, alert }: Transition, transitions: readonly Transition[]): boolean {
  if (kind !== 'resolved' || alert.rule !== 'own_device') return false;
  return transitions.some(
    (other) => other.kind === kind && other.alert.rule === alert.rule && other.alert.id > alert.id,
  );
}

/** Returns what differs from before, with the incidents that alerts have joined since. */
function changesOf({ open: before, changed }: Step, open: readonly OpenAlert[]): OpenAlert[] {
  const ids = new Set(changed.map(({ alert }) => alert.id));
  const joined = open.filter((one, i) => ids.has(one.alert.id) || one !== before[i]);
  const isOpen = new Set(open.map(({ alert }) => alert.id));
  return [...changed.filter(({ alert }) => !isOpen.has(alert.id)), ...joined];
}

/** Logs a transition. */
function note({
  kind,
  alert: { id, title, topic, severity, evidence, acknowledgedBy },
}: AlertNews): void {
  const data = { alert: id, topic, severity, evidence };
  if (kind === 'fired') log.warn(`alert fired: ${title}`, data);
  else if (kind === 'resolved') log.info(`alert resolved: ${title}`, data);
  else if (kind === 'unacknowledged') log.info(`alert no longer acknowledged: ${title}`, data);
  else log.info(`alert acknowledged by ${acknowledgedBy}: ${title}`, data);
}
