import { beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '../domain/alert';
import type { Delivery, Notice, Together } from '../domain/notice';
import { say, spoken, verbatim } from '../domain/said';
import { inLanguage } from '../i18n/on-server';
import type { Stores } from '../store/ports/stores';
import { MINUTE } from '../util/time';
import type { Notifier, Outgoing } from './notifier';
import { Outbox } from './outbox';
import { alert, T0, testStore } from './test-doubles';

const SENT: Delivery = { state: 'sent' };
const down = (afterMs: number | null = null): Delivery => ({
  state: 'retry',
  error: verbatim('nobody listens there'),
  afterMs,
});

describe('the outbox', () => {
  let store: Stores;
  let clock: number;
  let outbox: Outbox;
  let got: { at: number; outgoing: Outgoing }[];
  let answers: (Delivery | 'killed before' | 'killed after')[];
  beforeEach(async () => {
    ({ store } = await testStore());
    clock = T0;
    got = [];
    answers = [];
    restart();
  });

  /** A notifier that answers its attempts as `answers` say, and accepts everything after that. */
  const notifier: Notifier = {
    name: 'chat',
    minGapMs: 1_000,
    async send(outgoing, beforeBytes) {
      const answer = answers.shift() ?? SENT;
      if (answer === 'killed before') throw new Error('killed');
      await beforeBytes();
      got.push({ at: clock, outgoing });
      if (answer === 'killed after') throw new Error('killed');
      return answer;
    },
  };
  const restart = () => {
    outbox = new Outbox({ store, notifier, now: () => clock, random: () => 0.5 });
  };
  const happens = (
    kind: Notice['kind'],
    topic: string,
    more: Partial<Alert> = {},
    together?: Together,
  ) =>
    store.alerts.saveEvaluation({
      changed: [],
      vanished: [],
      channels: ['chat'],
      notified: [],
      notices: [
        { kind, at: clock, alert: alert({ topic, ...more }), ...(together && { together }) },
      ],
    });
  /** Runs once a second for this long. */
  const pass = async (ms: number) => {
    for (const end = clock + ms; clock < end; clock += 1_000) await outbox.run();
  };
  const texts = () =>
    got.map(({ outgoing }) =>
      outgoing.message.news
        .map(({ notice, suppressed }) => `${notice.kind} ${notice.alert.topic} +${suppressed}`)
        .join(', '),
    );

  it('tells each transition once, in order', async () => {
    await happens('fired', 'a');
    await happens('fired', 'b');
    await pass(10_000);
    expect(texts()).toEqual(['fired a +0', 'fired b +0']);
  });

  it('leaves a second between two messages', async () => {
    for (const topic of ['a', 'b', 'c']) await happens('fired', topic);
    for (; clock < T0 + 5_000; clock += 100) await outbox.run();
    expect(got.map(({ at }) => at - T0)).toEqual([0, 1_000, 2_000]);
  });

  it('makes one message of more than three topics at once', async () => {
    for (const topic of ['a', 'b', 'c', 'd']) await happens('fired', topic);
    await pass(10_000);
    expect(texts()).toEqual(['fired a +0, fired b +0, fired c +0, fired d +0']);
  });

  it('tells of a topic once in 15 minutes, then how it stands and how much was left out', async () => {
    await happens('fired', 'a');
    await pass(60_000);
    for (const kind of ['resolved', 'fired', 'resolved'] as const) await happens(kind, 'a');
    await pass(13 * MINUTE);
    expect(texts()).toEqual(['fired a +0']);
    await pass(2 * MINUTE);
    expect(texts()).toEqual(['fired a +0', 'resolved a +2']);
    expect((got[1]?.at ?? 0) - (got[0]?.at ?? 0)).toBe(15 * MINUTE);
  });

  it('counts the 15 minutes over a restart, and from when the message went out', async () => {
    await happens('fired', 'a');
    answers = [down(10 * MINUTE)];
    await pass(11 * MINUTE);
    expect(got).toHaveLength(2);
    await happens('fired', 'a');
    restart();
    await pass(13 * MINUTE);
    expect(got).toHaveLength(2);
    await pass(2 * MINUTE);
    expect(texts()[2]).toBe('fired a +0');
  });

  it('sends the first recovery at once, and holds back only what begins again', async () => {
    await happens('fired', 'a');
    await pass(MINUTE);
    await happens('resolved', 'a');
    await pass(2_000);
    expect(texts()).toEqual(['fired a +0', 'resolved a +0']);
    await happens('fired', 'a');
    await happens('resolved', 'a');
    await pass(12 * MINUTE);
    expect(got).toHaveLength(2);
    await pass(3 * MINUTE);
    // The second one is not lost: it is counted in the message with the latest state.
    expect(texts()[2]).toBe('resolved a +1');
  });

  it('makes one message of an incident, and waits a moment for all of it', async () => {
    const together = (wait: number) => ({ incident: 7, holdUntil: clock + wait, also: [] });
    await happens('fired', 'a', {}, together(12_000));
    await happens('fired', 'x');
    await pass(5_000);
    expect(texts()).toEqual(['fired x +0']);
    await happens('fired', 'b', {}, together(12_000));
    await happens('fired', 'c', {}, together(0));
    await pass(3_000);
    expect(texts()).toEqual(['fired x +0', 'fired a +0, fired b +0, fired c +0']);
    await happens('resolved', 'a', {}, together(25_000));
    await pass(20_000);
    expect(got).toHaveLength(2);
    await pass(10_000);
    expect(texts()[2]).toBe('resolved a +0');
  });

  it('holds nothing for good when the clock is set back', async () => {
    await happens('fired', 'a', {}, { incident: 7, holdUntil: clock + 12_000, also: [] });
    clock -= 60 * MINUTE;
    await pass(3_000);
    expect(texts()).toEqual(['fired a +0']);
    await happens('fired', 'b');
    answers = [down(30_000)];
    await pass(3_000);
    clock -= 60 * MINUTE;
    await pass(3_000);
    expect(texts()).toEqual(['fired a +0', 'fired b +0', 'fired b +0']);
  });

  it('says of an unstable device what is more, and leaves out its single outages', async () => {
    await happens('fired', 'offline', { rule: 'offline' });
    await pass(2_000);
    await happens('fired', 'offline', { rule: 'offline' });
    await happens('fired', 'unstable', { rule: 'unstable' });
    await pass(20 * MINUTE);
    expect(texts()).toEqual(['fired offline +0', 'fired unstable +0']);
  });

  it('waits as long as it was asked to, and sends the same message', async () => {
    await happens('fired', 'a');
    answers = [down(7_000)];
    await pass(20_000);
    expect(got.map(({ at }) => at - T0)).toEqual([0, 7_000]);
    expect(got[1]?.outgoing).toEqual(got[0]?.outgoing);
  });

  it('backs off up to five minutes, and loses nothing in an hour without a network', async () => {
    await happens('fired', 'a');
    answers = Array.from({ length: 200 }, () => down());
    await pass(60 * MINUTE);
    const waits = got.slice(1).map(({ at }, i) => Math.round((at - (got[i]?.at ?? 0)) / 1000));
    expect(waits.slice(0, 9)).toEqual([2, 3, 6, 12, 24, 48, 96, 192, 225]);
    for (const kind of ['resolved', 'fired', 'resolved'] as const) await happens(kind, 'a');
    answers = [];
    got = [];
    await pass(20 * MINUTE);
    expect(texts()).toEqual(['fired a +0', 'resolved a +2']);
  });

  it('lets jitter move a retry by half at most', async () => {
    for (const [random, wait] of [
      [0, 1_000],
      [1, 2_000],
    ] as const) {
      outbox = new Outbox({ store, notifier, now: () => clock, random: () => random });
      got = [];
      answers = [down()];
      await happens('fired', `t${random}`);
      await pass(10_000);
      expect((got[1]?.at ?? 0) - (got[0]?.at ?? 0)).toBe(wait);
    }
  });

  it('records what is refused for good, and continues with the next', async () => {
    await happens('fired', 'a');
    await happens('fired', 'b');
    const refused = say('channelFaults.answered', { service: 'Telegram', status: '400' });
    answers = [{ state: 'failed', error: refused }];
    await outbox.run();
    expect(await outbox.state()).toEqual({
      waiting: 1,
      lastSentAt: null,
      lastError: 'Telegram answered 400',
      lastErrorSaid: refused,
      failed: 1,
    });
    await pass(10_000);
    expect(texts()).toEqual(['fired a +0', 'fired b +0']);
    expect(await outbox.state()).toMatchObject({ waiting: 0, lastError: null, failed: 1 });
  });

  it('sends after a restart what was not sent, once', async () => {
    await happens('fired', 'a');
    restart();
    await outbox.run();
    restart();
    await pass(10_000);
    expect(texts()).toEqual(['fired a +0']);
  });

  it('killed before the first byte, sends it after the restart', async () => {
    await happens('fired', 'a');
    answers = ['killed before'];
    await expect(outbox.run()).rejects.toThrow('killed');
    restart();
    await pass(10_000);
    expect(texts()).toEqual(['fired a +0']);
  });

  it('killed between sending and noting it, repeats nothing, and tells the doubt in the next', async () => {
    await happens('fired', 'a');
    answers = ['killed after'];
    await expect(outbox.run()).rejects.toThrow('killed');
    restart();
    await pass(10_000);
    expect(texts()).toEqual(['fired a +0']);
    const doubt = await outbox.state();
    expect(doubt.lastError).toContain('may or may not have arrived');
    expect(inLanguage('es', () => doubt.lastErrorSaid && spoken(doubt.lastErrorSaid))).toContain(
      'puede haber llegado o no',
    );
    await happens('fired', 'b');
    await happens('fired', 'c');
    await pass(10_000);
    expect(got.map(({ outgoing }) => outgoing.message.unconfirmed)).toEqual([0, 1, 0]);
    await happens('fired', 'a');
    await pass(5 * MINUTE);
    expect(got).toHaveLength(3);
  });

  it('keeps an outcome that could not be written until it can be, and sends nothing meanwhile', async () => {
    await happens('fired', 'a');
    let full = true;
    const messages = new Proxy(store.messages, {
      get: (target, key) =>
        key === 'confirmSent' && full
          ? () => Promise.reject(new Error('the disk is full'))
          : Reflect.get(target, key).bind(target),
    });
    outbox = new Outbox({ store: { ...store, messages }, notifier, now: () => clock });
    await expect(outbox.run()).rejects.toThrow('disk is full');
    clock += 1_000;
    await expect(outbox.run()).rejects.toThrow('disk is full');
    full = false;
    await pass(5_000);
    restart();
    await pass(5_000);
    expect(texts()).toEqual(['fired a +0']);
    expect((await outbox.state()).lastError).toBe(null);
  });

  it('drops what waits when it is muted, and lets it be notified anew while it fires', async () => {
    const open = { alert: alert({ topic: 'a' }), bad: 2, good: 0, notified: false };
    const notices = [{ kind: 'fired' as const, at: clock, alert: open.alert }];
    const evaluation = {
      changed: [open],
      vanished: [],
      channels: ['chat'],
      notified: [1],
      notices,
    };
    await store.alerts.saveEvaluation(evaluation);
    expect(await store.alerts.openAlerts()).toMatchObject([{ notified: true }]);
    const until = T0 + 60 * MINUTE;
    await store.mutes.addMute({ topic: 'a', nodeId: null, from: T0, until, reason: '', by: 'bob' });
    await pass(10_000);
    expect(got).toEqual([]);
    expect(await store.alerts.openAlerts()).toMatchObject([{ notified: false }]);
  });

  it('is not silenced by a clock that is set back', async () => {
    await happens('fired', 'a');
    await pass(5_000);
    clock = T0 - 60 * MINUTE;
    await happens('resolved', 'a');
    await pass(5_000);
    expect(texts()).toEqual(['fired a +0', 'resolved a +0']);
  });

  it('sends a test past the queue', async () => {
    await happens('fired', 'a');
    expect(await outbox.sendTest()).toEqual(SENT);
    expect(got[0]?.outgoing.message.news).toEqual([]);
    await pass(5_000);
    expect(texts()).toEqual(['', 'fired a +0']);
  });
});
