import { isMuted } from '../domain/mute';
import type { Delivery } from '../domain/notice';
import { testMessage } from '../domain/notice';
import { UTC } from '../domain/time-zone';
import { logger } from '../log/log';
import type { ChannelState } from '../store/ports/channels';
import type { QueuedMessage } from '../store/ports/messages';
import type { WaitingNotice } from '../store/ports/notices';
import type { AlertStores } from '../store/ports/stores';
import { MINUTE } from '../util/time';
import { absorbedNotices, dueNotices, messagesOf } from './compose';
import type { Notifier } from './notifier';
import { awake, forOthers, type Policy } from './policy';

const log = logger('alerts');

const TOPIC_EVERY_MS = 15 * MINUTE;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 5 * MINUTE;

const ANYTHING: Policy = { routes: null, quiet: [], zone: UTC, deviceOf: () => null };

export type OutboxOptions = {
  store: Pick<AlertStores, 'notices' | 'messages' | 'channels' | 'mutes'>;
  notifier: Notifier;
  /** By default everything is sent, at any time. */
  policy?: Policy;
  now?: () => number;
  /** From 0 to 1, for the jitter. */
  random?: () => number;
  /** The minimum time between messages about one topic. */
  topicEveryMs?: number;
};

/**
 * Sends one channel the notices that the engine queued for it: in order, one message per topic every 15 minutes,
 * several topics at once in a digest. While a topic has to wait, only its latest notice is sent afterwards, with the
 * number of those before it: so the last message about a topic always gives its current state. Nothing is lost or
 * repeated over a restart: unsent messages are on disk. A message is marked as being sent once there is a connection,
 * before its first byte: killed earlier, it is sent after the restart; killed later, it has most likely arrived and is
 * not sent again, since a chat cannot be queried. That uncertainty of a few milliseconds is mentioned in the next
 * message. While the process lives the reverse holds: a message without an answer is retried. What other channels are
 * for is dropped; what comes in quiet hours waits, and is one message afterwards.
 */
export class Outbox {
  readonly channel: string;
  private readonly store: OutboxOptions['store'];
  private readonly notifier: Notifier;
  private readonly policy: Policy;
  private readonly now: () => number;
  private readonly random: () => number;
  private readonly topicEveryMs: number;
  private recovered = false;
  /** The outcome of the last attempt, while it cannot be written to disk. */
  private unwritten: (() => Promise<void>) | null = null;
  private loggedError: string | null = null;

  constructor(options: OutboxOptions) {
    this.store = options.store;
    this.notifier = options.notifier;
    this.policy = options.policy ?? ANYTHING;
    this.channel = options.notifier.name;
    this.now = options.now ?? Date.now;
    this.random = options.random ?? Math.random;
    this.topicEveryMs = options.topicEveryMs ?? TOPIC_EVERY_MS;
  }

  /** Sends at most one message; called every second, never concurrently. Throws `StoreUnavailable`. */
  async run(): Promise<void> {
    if (!this.recovered) {
      const cut = await this.store.messages.recover(this.channel);
      if (cut > 0)
        log.warn(`${this.channel}: killed while sending; the message is not sent again`, { cut });
      this.recovered = true;
    }
    if (this.unwritten) await this.write(this.unwritten);
    let next = await this.store.messages.nextMessage(this.channel);
    if (!next) {
      await this.compose();
      next = await this.store.messages.nextMessage(this.channel);
    }
    const now = this.now();
    if (!next) return;
    const last = await this.store.messages.lastAttempt(this.channel);
    // A clock that was set back must not delay a message.
    const isSetBack = last !== null && last > now;
    if (next.notBefore > now && !isSetBack) return;
    if (last !== null && last <= now && now - last < this.notifier.minGapMs) return;
    await this.attempt(next);
  }

  /** Sends a test now, bypassing the queue, and returns how it went. */
  async sendTest(): Promise<Delivery> {
    const now = this.now();
    return this.notifier.send({ id: `test-${now}`, message: testMessage(now) }, async () => {});
  }

  state(): Promise<ChannelState> {
    return this.store.channels.channelState(this.channel, this.now());
  }

  private async compose(): Promise<void> {
    const now = this.now();
    const all = await this.store.notices.waiting(this.channel);
    if (all.length === 0) return;
    const others = forOthers(all, this.policy);
    if (others.length > 0) await this.store.notices.compose(this.channel, idsOf(others), []);
    const waiting = all.filter((entry) => !others.includes(entry));
    const mutes = await this.store.mutes.mutes(now);
    const muted = waiting.filter(({ notice }) => isMuted(notice.alert, mutes, now));
    if (muted.length > 0) await this.store.notices.withdraw(idsOf(muted));
    const unmuted = waiting.filter((entry) => !muted.includes(entry));
    const { awake: sendable, hasWaited } = awake(unmuted, this.policy, now);
    const due = dueNotices(sendable, now, this.topicEveryMs);
    if (due.length === 0) return;
    const absorbed = absorbedNotices(unmuted, due);
    const news = due.filter((entry) => !absorbed.includes(entry));
    const unconfirmed = await this.store.notices.unconfirmed(this.channel);
    const messages = messagesOf(news, hasWaited(due)).map((parts, i) => ({
      createdAt: now,
      news: parts,
      unconfirmed: i === 0 ? unconfirmed : 0,
    }));
    await this.store.notices.compose(this.channel, idsOf([...news, ...absorbed]), messages);
  }

  private async attempt({ id, message, attempts }: QueuedMessage): Promise<void> {
    const outgoing = { id: String(id), message };
    const delivery = await this.notifier.send(outgoing, () =>
      this.store.messages.startSending(id, this.now()),
    );
    const now = this.now();
    if (delivery.state === 'sent') {
      if (this.loggedError !== null) log.info(`${this.channel} accepts messages again`);
      this.loggedError = null;
      await this.write(() => this.store.messages.confirmSent(id, now));
      return;
    }
    const { error } = delivery;
    const { text } = error;
    if (text !== this.loggedError) log.warn(`${this.channel}: a message was not sent: ${text}`);
    this.loggedError = text;
    if (delivery.state === 'failed') {
      await this.write(() => this.store.messages.giveUp(id, now, error));
      return;
    }
    const wait = delivery.afterMs ?? backoff(attempts, this.random());
    await this.write(() => this.store.messages.retryLater(id, now, now + wait, error));
  }

  /** Writes an outcome. Until it is on disk nothing else is sent, and the next run writes it first. */
  private async write(outcome: () => Promise<void>): Promise<void> {
    this.unwritten = outcome;
    await outcome();
    this.unwritten = null;
  }
}

const idsOf = (entries: readonly WaitingNotice[]) => entries.map(({ id }) => id);

/** Returns the delay before a retry: two seconds, doubling up to five minutes, each time between half and all of it. */
function backoff(attempts: number, random: number): number {
  const full = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempts);
  return Math.round(full * (0.5 + random / 2));
}
