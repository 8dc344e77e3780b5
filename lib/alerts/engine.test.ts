import { beforeEach, describe, expect, it } from 'vitest';
import { BadCursor, InvalidInput } from '../domain/errors';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { MINUTE } from '../util/time';
import { AlertEngine, type AlertNews } from './engine';
import type { Facts } from './facts';
import { facts, judged, round, T0, testStore } from './test-doubles';

const CHANNELS = ['telegram', 'webhook'];

describe('the alert engine', () => {
  let store: Stores;
  let file: string;
  let clock: number;
  const now = () => clock;
  let engine: AlertEngine;
  beforeEach(async () => {
    ({ store, file } = await testStore());
    clock = T0;
    engine = new AlertEngine({ store, channels: CHANNELS, now });
  });

  const evaluate = (more: Partial<Facts>) =>
    engine.evaluate(facts({ now: clock, elapsed: clock - T0, devices: [judged()], ...more }));
  /** A new round of pings, five minutes after the one before. */
  const ping = (latencyAvg: number, more: Partial<Facts> = {}) => {
    clock += 5 * MINUTE;
    return evaluate({ rounds: [round({ time: clock, latencyAvg })], ...more });
  };
  const notices = async (channel = 'telegram') =>
    (await store.notices.waiting(channel)).map(
      ({ notice }) => `${notice.kind} ${notice.alert.topic} ${(notice.at - T0) / MINUTE}`,
    );

  it('stores an alert and its messages, for every channel, and notifies its subscribers', async () => {
    const heard: AlertNews[] = [];
    const leave = engine.subscribe((news) => heard.push(news));
    await ping(120);
    expect(await engine.open()).toMatchObject([{ topic: 'latency_n1', state: 'pending' }]);
    expect(await notices()).toEqual([]);
    await ping(130);
    expect(await engine.open()).toMatchObject([{ state: 'firing', firedAt: clock }]);
    for (const channel of CHANNELS) expect(await notices(channel)).toEqual(['fired latency_n1 10']);
    await ping(20);
    await ping(20);
    leave();
    await ping(20);
    expect(await engine.open()).toEqual([]);
    expect((await engine.history(10)).alerts).toMatchObject([
      { id: 1, resolvedAt: clock - 300_000 },
    ]);
    expect(await notices()).toEqual(['fired latency_n1 10', 'resolved latency_n1 20']);
    expect(heard.map(({ kind }) => kind)).toEqual(['fired', 'resolved']);
  });

  it('counts a round and a run of a job once, however often it is shown them', async () => {
    const rounds = [round({ time: T0 + 1, latencyAvg: 200 })];
    const jobs = [{ name: 'watch', lastRun: T0 + 1, lastError: 'no luck', needsTailnet: false }];
    for (let i = 0; i < 10; i++) {
      clock += 30_000;
      await evaluate({ rounds, jobs });
    }
    expect((await engine.open()).map(({ state }) => state)).toEqual(['pending', 'pending']);
  });

  it('goes on after a restart where it was, and judges no round of the process before again', async () => {
    await ping(120);
    const rounds = [round({ time: clock, latencyAvg: 120 })];
    const again = await openSqliteStores(file);
    engine = new AlertEngine({ store: again, channels: CHANNELS, now: () => clock + 1 });
    await evaluate({ rounds });
    expect(await engine.open()).toMatchObject([{ state: 'pending' }]);
    await ping(120);
    expect(await engine.open()).toMatchObject([{ state: 'firing', since: T0 + 5 * MINUTE }]);
    expect(await notices()).toEqual(['fired latency_n1 10']);
    await again.close();
  });

  it('keeps nothing of an evaluation that could not be stored, and takes the same facts again', async () => {
    const alerts = new Proxy(store.alerts, {
      get: (target, key) =>
        key === 'saveEvaluation' && fail
          ? () => Promise.reject(new Error('the disk is full'))
          : Reflect.get(target, key).bind(target),
    });
    let fail = false;
    engine = new AlertEngine({ store: { ...store, alerts }, channels: CHANNELS, now });
    await ping(120);
    fail = true;
    clock += 5 * MINUTE;
    const rounds = [round({ time: clock, latencyAvg: 120 })];
    await expect(evaluate({ rounds })).rejects.toThrow('disk is full');
    expect(await notices()).toEqual([]);
    fail = false;
    await evaluate({ rounds });
    expect(await notices()).toEqual(['fired latency_n1 10']);
  });

  it('records what happens while muted, without a word', async () => {
    await engine.mute({ topic: 'latency_n1', nodeId: null, until: T0 + 60 * MINUTE, ...WHY });
    await ping(120);
    await ping(120);
    await ping(20);
    await ping(20);
    expect((await engine.history(10)).alerts).toHaveLength(1);
    clock = T0 + 90 * MINUTE;
    await ping(20);
    expect(await notices()).toEqual([]);
  });

  it('notifies after a mute of what still fires and was never notified, once', async () => {
    await engine.mute({ topic: null, nodeId: null, until: T0 + 12 * MINUTE, ...WHY });
    await ping(120);
    await ping(120);
    expect(await notices()).toEqual([]);
    await ping(120);
    await ping(120);
    expect(await notices()).toEqual(['fired latency_n1 15']);
  });

  it('does not notify late of what was acknowledged meanwhile', async () => {
    const { id } = await engine.mute({
      topic: null,
      nodeId: 'n1',
      until: T0 + 999_999_999,
      ...WHY,
    });
    await ping(120);
    await ping(120);
    const heard: AlertNews[] = [];
    engine.subscribe((news) => heard.push(news));
    expect(await engine.acknowledge(1, 'bob')).toMatchObject({ acknowledgedBy: 'bob' });
    expect(await engine.acknowledge(1, 'eve')).toMatchObject({ acknowledgedBy: 'bob' });
    expect(heard.map(({ kind }) => kind)).toEqual(['acknowledged']);
    expect(await engine.acknowledge(99, 'bob')).toBe(null);
    expect(await engine.unacknowledge(1)).toMatchObject({ acknowledgedBy: null });
    expect(await engine.unacknowledge(1)).toBe(null);
    expect(heard.map(({ kind }) => kind)).toEqual(['acknowledged', 'unacknowledged']);
    await engine.acknowledge(1, 'bob');
    expect(await engine.unmute(id)).toBe(true);
    expect(await engine.unmute(id)).toBe(false);
    await ping(120);
    expect(await notices()).toEqual([]);
  });

  it('keeps messages back in a maintenance window to come, and for its device alone', async () => {
    const from = T0 + 8 * MINUTE;
    await engine.mute({ topic: null, nodeId: 'n2', from, until: from + 60 * MINUTE, ...WHY });
    const both = (latencyAvg: number) => [
      round({ time: clock, latencyAvg }),
      round({ time: clock, latencyAvg, nodeId: 'n2', hostname: 'ci' }),
    ];
    const devices = [judged(), judged({ id: 'n2', name: 'ci' })];
    for (let i = 0; i < 2; i++) {
      clock += 5 * MINUTE;
      await evaluate({ rounds: both(120), devices });
    }
    expect(await engine.open()).toHaveLength(2);
    expect(await notices()).toEqual(['fired latency_n1 10']);
  });

  it('refuses a mute that would be over before it begins', async () => {
    const past = { topic: null, nodeId: null, until: T0, ...WHY };
    await expect(engine.mute(past)).rejects.toThrow(InvalidInput);
    expect(await engine.mutes()).toEqual([]);
  });

  it('tells when a channel is set up of what fired without one', async () => {
    engine = new AlertEngine({ store, channels: [], now });
    await ping(120);
    await ping(120);
    engine = new AlertEngine({ store, channels: ['telegram'], now });
    await ping(120);
    expect(await notices()).toEqual(['fired latency_n1 15']);
  });

  it('ends the alerts of a device that was removed', async () => {
    await ping(120);
    await ping(120);
    await evaluate({ devices: [] });
    expect(await engine.open()).toEqual([]);
    expect(await notices()).toEqual(['fired latency_n1 10', 'resolved latency_n1 10']);
  });

  it('shows the worst first, and history page by page', async () => {
    const away = judged({ id: 'a', name: 'a' }, { judgement: { presence: 'offline' } });
    const devices = [away, judged({ id: 'b', name: 'b' })];
    for (let i = 0; i < 3; i++) {
      clock += 5 * MINUTE;
      const slow = round({ time: clock, latencyAvg: 200, nodeId: 'b', hostname: 'b' });
      await evaluate({ rounds: [slow], devices });
    }
    expect((await engine.open()).map(({ topic }) => topic)).toEqual(['offline_a', 'latency_b']);
    await evaluate({ devices: [] });
    const first = await engine.history(1);
    const second = await engine.history(1, first.nextCursor);
    const pages = [...first.alerts, ...second.alerts].map(({ topic }) => topic);
    expect(pages.toSorted()).toEqual(['latency_b', 'offline_a']);
    expect(second.nextCursor).toBe(null);
    const ofA = await engine.history(10, null, { nodeId: 'a' });
    expect(ofA.alerts.map(({ topic }) => topic)).toEqual(['offline_a']);
    await expect(engine.history(1, 'nonsense')).rejects.toThrow(BadCursor);
  });

  it('takes changes in turn: an acknowledgement during an evaluation is not lost', async () => {
    await ping(120);
    await ping(120);
    await Promise.all([ping(120), engine.acknowledge(1, 'bob'), ping(120)]);
    expect(await engine.open()).toMatchObject([{ acknowledgedBy: 'bob' }]);
  });

  it('forgets what ended long ago', async () => {
    await ping(120);
    await ping(120);
    await evaluate({ devices: [] });
    clock += 40 * 24 * 60 * MINUTE;
    await store.maintenance.prune(clock, { rawDays: 30, rollupDays: 30 });
    expect((await engine.history(10)).alerts).toEqual([]);
    expect(await store.alerts.nextAlertId()).toBe(2);
  });
});

const WHY = { reason: 'work on the cable', by: 'bob' };
