import { describe, expect, it } from 'vitest';
import type { AlertRule, Reading } from '../domain/alert';
import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
import type { ModelState } from '../domain/model';
import { type QuotaStatus, quotaStatus } from '../domain/quota';
import { DEFAULT_THRESHOLDS, type Facts, type Round } from './facts';
import { readings } from './rules';
import { device, facts, MINUTE, offline, relayed, round, T0 } from './test-doubles';

const DAY = 24 * 60 * MINUTE;

const all = (given: Partial<Facts>) => {
  const known = facts(given);
  return readings(known, {
    rounds: new Set(known.rounds.map(({ connection }) => connection.nodeId)),
    jobs: new Set(known.jobs.map(({ name }) => name)),
  });
};
const of = (rule: AlertRule, given: Partial<Facts>): Reading | undefined =>
  all(given).find((reading) => reading.rule === rule);
const afterRound = (rule: AlertRule, c: Partial<Connection>, rest: Partial<Round> = {}) =>
  of(rule, { rounds: [round(c, rest)] });

describe('latency', () => {
  it.each([
    [101, 'bad'],
    [100, 'between'],
    [80, 'between'],
    [79.9, 'good'],
  ])('of %d ms is %s', (latencyAvg, state) => {
    expect(afterRound('latency', { latencyAvg })?.state).toBe(state);
  });

  it('takes two rounds to fire and two to clear, and has the topic the first design had', () => {
    const limits = { raiseRounds: 2, clearRounds: 2, topic: 'latency_git', severity: 'warning' };
    expect(afterRound('latency', { latencyAvg: 118 })).toMatchObject(limits);
  });

  it('is judged by the thresholds of its node', () => {
    const byNode = { git: { latencyMs: 300, latencyClearMs: 250 } };
    const thresholds = { ...DEFAULT_THRESHOLDS, byNode };
    const at = (latencyAvg: number) =>
      of('latency', { rounds: [round({ latencyAvg })], thresholds })?.state;
    expect([at(301), at(260), at(249)]).toEqual(['bad', 'between', 'good']);
  });

  it('comes with the pings and the paths, now and before', () => {
    const pings = [120, null, 117];
    const lastAnswered = {
      time: T0 - 5 * MINUTE,
      connectionType: 'direct' as const,
      relayNode: 'none',
      endpoint: '192.0.2.1:41641',
    };
    expect(afterRound('latency', relayed, { pings, lastAnswered })?.evidence).toEqual([
      { label: 'Pings', value: '120\u00a0ms, no answer, 117\u00a0ms' },
      { label: 'Path', value: 'relay (DERP fra)' },
      { label: 'Path before', value: 'direct (192.0.2.1:41641), 2026-11-24 03:55:00 UTC' },
    ]);
  });
});

describe('packet loss', () => {
  it.each([
    [5, 'good'],
    [4, 'between'],
    [3, 'bad'],
    [1, 'bad'],
  ])('with %d of 5 answered is %s', (received, state) => {
    expect(afterRound('packet_loss', { received })?.state).toBe(state);
  });

  it('of one in ten is good again', () => {
    expect(afterRound('packet_loss', { sent: 10, received: 9 })?.state).toBe('good');
  });
});

describe('a relayed path', () => {
  const lastDirect = { time: T0 - 10 * MINUTE, endpoint: '192.0.2.1:41641' };

  it('is bad for as long as it lasts, once the node has been direct', () => {
    expect(afterRound('relayed', relayed, { lastDirect })).toMatchObject({
      state: 'bad',
      raiseRounds: 2,
      clearRounds: 1,
      topic: 'relay_git',
      evidence: [
        { label: 'Pings' },
        { label: 'Path', value: 'relay (DERP fra)' },
        { label: 'Path before', value: 'direct (192.0.2.1:41641), until 2026-11-24 03:50:00 UTC' },
      ],
    });
  });

  it('is no news of a node that never was direct', () => {
    expect(afterRound('relayed', relayed)?.state).toBe('between');
  });

  it.each(['direct', 'peer_relay'] as const)('is over with a %s round', (connectionType) => {
    expect(afterRound('relayed', { connectionType }, { lastDirect })?.state).toBe('good');
  });

  it('is never read from a status without a ping: an idle peer is not relayed', () => {
    expect(of('relayed', { devices: [device({ path: 'relay', relayRegion: 'fra' })] })).toBe(
      undefined,
    );
  });
});

describe('a round without an answer', () => {
  it.each(['offline', 'unknown'] as const)('(%s) says nothing of path, latency or loss', (type) => {
    const rules = all({ rounds: [round({ ...offline, connectionType: type })] }).map((r) => r.rule);
    expect(rules).toEqual(type === 'offline' ? ['offline'] : []);
  });
});

describe('a critical node that is offline', () => {
  const silent = round(offline);
  const gone = device({ online: false });

  it('is critical after five minutes, or what is set for it', () => {
    const expected = { state: 'bad', severity: 'critical', topic: 'offline_git' };
    const reading = of('offline', { rounds: [silent] });
    expect(reading).toMatchObject({ ...expected, raiseAfterMs: 300_000 });
    const thresholds = { ...DEFAULT_THRESHOLDS, byNode: { git: { offlineAfterMs: 1 } } };
    expect(of('offline', { rounds: [silent], thresholds })?.raiseAfterMs).toBe(1);
  });

  it('is noticed by the status between rounds, and back by a pong', () => {
    expect(of('offline', { devices: [gone] })?.state).toBe('bad');
    expect(afterRound('offline', {})?.state).toBe('good');
  });

  it('is not back because the status lists it, while it answers no ping', () => {
    const known = facts({ devices: [device()], rounds: [silent] });
    const none = { rounds: new Set<string>(), jobs: new Set<string>() };
    expect(readings(known, none).filter(({ rule }) => rule === 'offline')).toEqual([]);
    const answered = facts({ devices: [device()], rounds: [round()] });
    expect(readings(answered, none).find(({ rule }) => rule === 'offline')?.state).toBe('good');
  });

  it('concerns critical nodes alone, and not our own', () => {
    const others: Partial<Device>[] = [{ id: 'n2' }, { self: true }];
    for (const other of others) {
      const devices = [device({ ...other, online: false })];
      expect(of('offline', { devices })).toBe(undefined);
    }
    expect(afterRound('offline', { ...offline, nodeId: 'n2' })).toBe(undefined);
  });
});

describe('a node key', () => {
  const key = (left: number | null, more: Partial<Device> = {}) =>
    of('key_expiring', {
      devices: [device({ keyExpiry: left === null ? null : T0 + left, ...more })],
    });

  it.each<[string, number | null, Partial<Device>, string, string]>([
    ['eight days from its end', 8 * DAY, {}, 'good', 'warning'],
    ['seven days from its end', 7 * DAY, {}, 'bad', 'warning'],
    ['that has ended', -1, {}, 'bad', 'critical'],
    ['that tailscaled calls expired', null, { expired: true }, 'bad', 'critical'],
    ['that never ends', null, {}, 'good', 'warning'],
    ['that ended before anyone cared', -31 * DAY, { expired: true }, 'between', 'critical'],
  ])('%s', (_title, left, more, state, severity) => {
    expect(key(left, more)).toMatchObject({ state, severity });
  });

  it('of a node that is not ours is not ours to renew', () => {
    expect(key(DAY, { classification: 'shared' })).toBe(undefined);
  });

  it('has a topic of its own among nodes with the same host name', () => {
    expect(key(DAY, { hostname: 'localhost', dnsName: 'localhost-3.t.ts.net' })?.topic).toBe(
      'key_expiring_localhost-3',
    );
  });
});

describe('tailscaled', () => {
  it('is bad after a minute without an answer, critically', () => {
    const tailscaled = { problem: 'no socket at /run/tailscaled.sock' };
    expect(of('tailscaled_unreachable', { tailscaled })).toMatchObject({
      state: 'bad',
      severity: 'critical',
      raiseAfterMs: 60_000,
    });
    expect(of('tailscaled_unreachable', { tailscaled: { problem: null } })?.state).toBe('good');
    expect(of('tailscaled_unreachable', {})).toBe(undefined);
  });
});

describe('a job', () => {
  const jobs = [{ name: 'watch', lastRun: T0, lastError: 'no luck' }];

  it('alerts at its third failed run, by its own name', () => {
    expect(of('collector_failing', { jobs })).toMatchObject({
      state: 'bad',
      raiseRounds: 3,
      topic: 'collector_watch',
      evidence: [{ label: 'Error', value: 'no luck' }],
    });
  });

  it('is not blamed for tailscaled being away', () => {
    const tailscaled = { problem: 'gone' };
    expect(of('collector_failing', { jobs, tailscaled })).toBe(undefined);
  });
});

describe('the quota', () => {
  const status = (used: number): QuotaStatus =>
    quotaStatus(
      Array.from({ length: used }, (_, i) => device({ id: `${i}` })),
      {
        name: 'Test',
        checkedOn: '2026-01-01',
        limits: { users: null, externalUsers: null, devices: 10 },
      },
    );

  it.each([
    [7, 'good', 'info', 'near'],
    [8, 'bad', 'info', 'near'],
    [11, 'bad', 'warning', 'over'],
  ])('with %d of 10 is %s (%s)', (used, state, severity, word) => {
    const reading = of('quota_near', { quota: status(used) });
    expect(reading).toMatchObject({ state, severity });
    expect(reading?.title).toContain(word);
    expect(reading?.evidence).toEqual([{ label: 'Devices', value: `${used} of 10` }]);
  });
});

it('knowing nothing gives no reading', () => {
  expect(all({})).toEqual([]);
});

describe('unusual latency', () => {
  const usual = (meanMs: number, more = {}) => ({
    usual: { meanMs, expectedMs: 10, lowMs: 8, highMs: 12, ...more },
  });
  const state = (meanMs: number, more = {}) =>
    afterRound('latency_unusual', {}, usual(meanMs, more))?.state;

  it('is above the node’s own band, by as much as somebody would notice', () => {
    expect([state(12.5), state(12), state(3)]).toEqual(['bad', 'good', 'good']);
    expect(state(12.5, { expectedMs: 11.8, highMs: 12.1 })).toBe('between');
    expect(state(110, { expectedMs: 100, highMs: 105 })).toBe('between');
  });

  it('takes three rounds, is no more than information, and says what is usual', () => {
    const reading = afterRound('latency_unusual', {}, usual(48));
    expect(reading).toMatchObject({ severity: 'info', raiseRounds: 3, clearRounds: 2 });
    expect(reading?.title).toBe('Unusual latency to git: 48\u00a0ms');
    expect(reading?.evidence).toContainEqual({
      label: 'Usual at this time',
      value: '8\u00a0ms to 12\u00a0ms',
    });
  });

  it('is left to the other alert when it is slow for any node', () => {
    const both = all({ rounds: [round({ latencyAvg: 130 }, usual(130))] });
    expect(both.find(({ rule }) => rule === 'latency_unusual')?.state).toBe('between');
    expect(both.find(({ rule }) => rule === 'latency')?.state).toBe('bad');
  });

  it('says nothing while too little is known', () => {
    expect(afterRound('latency_unusual', { latencyAvg: 90 })).toBeUndefined();
  });
});

describe('a model', () => {
  const entry = {
    id: 9,
    model: 'prophet/git',
    time: T0,
    version: '1.1',
    trainedAt: null,
    horizon: null,
    window: null,
    metrics: { mae: 4.4 },
    baselineMae: 2,
    ratio: 2.2,
    status: 'degraded' as const,
  };
  const model = (more: Partial<ModelState> = {}): ModelState => ({
    model: 'prophet/git',
    status: 'degraded',
    entryStatus: 'degraded',
    last: entry,
    baseline: { mae: 2 },
    factor: 2,
    silentAfterMs: 3 * DAY,
    entries: 9,
    ...more,
  });

  it('that is worse than it was is an alert at once, with the numbers', () => {
    expect(of('model_degraded', { models: [model()] })).toMatchObject({
      topic: 'model_degraded_prophet/git',
      state: 'bad',
      raiseRounds: 1,
      title: 'The model prophet/git has become worse: its error is 2.2 times what it used to be',
      evidence: [
        { label: 'MAE', value: '4.4' },
        { label: 'Baseline', value: '2, allowed up to 2 times that' },
        { label: 'Reported', value: '2026-11-24 04:00:00 UTC' },
        { label: 'Version', value: '1.1' },
      ],
    });
    const fine = model({ status: 'ok', entryStatus: 'ok' });
    expect(of('model_degraded', { models: [fine] })?.state).toBe('good');
    expect(of('model_degraded', { models: [model({ entryStatus: 'learning' })] })).toBeUndefined();
  });

  it('that has stopped reporting is an alert, and stays degraded if it was', () => {
    const silent = { models: [model({ status: 'silent' })] };
    expect(of('model_silent', silent)).toMatchObject({
      state: 'bad',
      topic: 'model_silent_prophet/git',
      evidence: [{ label: 'Last report' }, { label: 'Missed after', value: '3\u00a0d' }],
    });
    expect(of('model_degraded', silent)?.state).toBe('bad');
    expect(of('model_silent', { models: [model({ silentAfterMs: null })] })).toBeUndefined();
  });
});
