import { describe, expect, it } from 'vitest';
import type { AlertRule, Reading } from '../domain/alert';
import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
import type { ModelState } from '../domain/model';
import type { OwnDevice } from '../domain/own-device';
import { type QuotaStatus, quotaStatus } from '../domain/quota';
import { testDevice } from '../domain/test-device';
import { DAY, MINUTE } from '../util/time';
import { DEFAULT_THRESHOLDS, type Facts, type JudgedDevice, type Round } from './facts';
import { readings } from './rules';
import { facts, judged, offline, relayed, round, T0 } from './test-doubles';

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
  of(rule, { rounds: [round(c, rest)], devices: [judged()] });

describe('latency', () => {
  it.each([
    [101, 'bad'],
    [100, 'between'],
    [80, 'between'],
    [79.9, 'good'],
  ])('of %d ms is %s', (latencyAvg, state) => {
    expect(afterRound('latency', { latencyAvg })?.state).toBe(state);
  });

  it('takes two rounds to fire and two to clear, and has its device’s id in the topic', () => {
    const limits = { raiseRounds: 2, clearRounds: 2, topic: 'latency_n1', severity: 'warning' };
    expect(afterRound('latency', { latencyAvg: 118 })).toMatchObject(limits);
  });

  it('is judged by the thresholds of its device', () => {
    const byDevice = { git: { latencyMs: 300, latencyClearMs: 250 } };
    const thresholds = { ...DEFAULT_THRESHOLDS, byDevice };
    const at = (latencyAvg: number) =>
      of('latency', { rounds: [round({ latencyAvg })], devices: [judged()], thresholds })?.state;
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

  it('is bad for as long as it lasts, once the device has been direct', () => {
    expect(afterRound('relayed', relayed, { lastDirect })).toMatchObject({
      state: 'bad',
      raiseRounds: 2,
      clearRounds: 1,
      topic: 'relay_n1',
      evidence: [
        { label: 'Pings' },
        { label: 'Path', value: 'relay (DERP fra)' },
        { label: 'Path before', value: 'direct (192.0.2.1:41641), until 2026-11-24 03:50:00 UTC' },
      ],
    });
  });

  it('is no news of a device that never was direct', () => {
    expect(afterRound('relayed', relayed)?.state).toBe('between');
  });

  it.each(['direct', 'peer_relay'] as const)('is over with a %s round', (connectionType) => {
    expect(afterRound('relayed', { connectionType }, { lastDirect })?.state).toBe('good');
  });

  it('is never read from a status without a ping: an idle peer is not relayed', () => {
    const devices = [judged({ path: 'relay', relayRegion: 'fra' })];
    expect(of('relayed', { devices })).toBe(undefined);
  });
});

describe('a round without an answer', () => {
  it.each(['offline', 'unknown'] as const)('(%s) says nothing of path, latency or loss', (type) => {
    const presence = type === 'offline' ? 'not_answering' : 'unknown';
    const rounds = [round({ ...offline, connectionType: type })];
    const rules = all({ rounds, devices: [judged({}, { judgement: { presence } })] })
      .filter(({ state }) => state === 'bad')
      .map(({ rule }) => rule);
    expect(rules).toEqual(type === 'offline' ? ['offline'] : []);
  });

  it('gives latency, loss and path a rest, though an answered one is the last', () => {
    const devices = [judged({}, { judgement: { presence: 'offline' } })];
    const rules = all({ rounds: [round({ latencyAvg: 250 })], devices }).map(({ rule }) => rule);
    expect(rules).not.toContain('latency');
    expect(rules).not.toContain('packet_loss');
    expect(rules).not.toContain('relayed');
  });
});

describe('a critical device that is offline', () => {
  const silent = judged({}, { judgement: { presence: 'not_answering' }, forMs: 45_000 });
  const gone = judged({ online: false }, { judgement: { presence: 'offline' } });

  it('is critical after five minutes, or what is set for it, counted from its first silence', () => {
    const expected = { state: 'bad', severity: 'critical', topic: 'offline_n1' };
    const reading = of('offline', { devices: [silent], rounds: [round(offline)] });
    expect(reading).toMatchObject({ ...expected, raiseAfterMs: 300_000, badForMs: 45_000 });
    expect(reading?.evidence).toContainEqual({ label: 'Pings', value: 'none of 5 answered' });
    for (const name of ['git', 'GIT', 'n1', 'git.tail1234.ts.net']) {
      const thresholds = { ...DEFAULT_THRESHOLDS, byDevice: { [name]: { offlineAfterMs: 1 } } };
      expect(of('offline', { devices: [silent], thresholds })?.raiseAfterMs).toBe(1);
    }
  });

  it('is noticed by the status between rounds, and back by a pong', () => {
    expect(of('offline', { devices: [gone] })?.state).toBe('bad');
    expect(afterRound('offline', {})?.state).toBe('good');
  });

  it('is neither offline nor back while that is not certain', () => {
    const unsure = judged({}, { judgement: { confirmed: false } });
    const unknown = judged({}, { judgement: { presence: 'unknown' } });
    expect(of('offline', { devices: [unsure] })).toBe(undefined);
    expect(of('offline', { devices: [unknown] })).toBe(undefined);
    expect(of('offline', { devices: [judged()], rounds: [round()] })?.state).toBe('good');
  });

  it('concerns critical devices alone, not our own, nor those that are not missed', () => {
    const others = [
      judged({}, { critical: false, judgement: { presence: 'offline' } }),
      judged({ self: true }, { judgement: { presence: 'offline' } }),
      judged({}, { unmissed: 'it comes and goes', judgement: { presence: 'offline' } }),
    ];
    for (const other of others) expect(of('offline', { devices: [other] })).toBe(undefined);
    const rounds = [round({ ...offline, nodeId: 'n2' })];
    expect(of('offline', { rounds, devices: [] })).toBe(undefined);
  });
});

describe('a device that goes and comes', () => {
  const outages = (more: Partial<JudgedDevice['outages']>) => ({
    outages: { count: 2, windowMs: 15 * MINUTE, quietForMs: 1_000, isRepeated: false, ...more },
  });
  const unstable = (more: Partial<JudgedDevice['outages']>, forMs = 0, presence = 'online') =>
    of('unstable', {
      devices: [
        judged({}, { ...outages(more), forMs, judgement: { presence: presence as 'online' } }),
      ],
    });

  it('is unstable at its third outage, or at a second one that is as long as an alert takes', () => {
    expect(unstable({ count: 3 })).toMatchObject({ state: 'bad', topic: 'unstable_n1' });
    expect(unstable({ count: 2 })?.state).toBe('between');
    expect(unstable({ isRepeated: true }, 300_000, 'offline')?.state).toBe('bad');
    expect(unstable({ isRepeated: true }, 299_000, 'offline')?.state).toBe('between');
  });

  it('is stable once nothing has changed for a quarter of an hour, and says how often it had', () => {
    const stable = unstable({ count: 9, quietForMs: 15 * MINUTE });
    expect(stable?.state).toBe('good');
    expect(stable?.evidence).toContainEqual({ label: 'Went offline', value: '9\u00a0times' });
    expect(unstable({ count: 0, quietForMs: null })?.state).toBe('good');
  });
});

describe('a node key', () => {
  const key = (left: number | null, more: Partial<Device> = {}) =>
    of('key_expiring', {
      devices: [judged({ keyExpiry: left === null ? null : T0 + left, ...more })],
    });

  it.each<[string, number | null, Partial<Device>, string, string]>([
    ['eight days from its end', 8 * DAY, {}, 'good', 'warning'],
    ['seven days from its end', 7 * DAY, {}, 'bad', 'warning'],
    ['that has ended', -1, {}, 'bad', 'critical'],
    ['that tailscaled calls expired', null, { expired: true }, 'bad', 'critical'],
    ['that never ends', null, {}, 'good', 'warning'],
    ['that ended long ago on a machine in use', -31 * DAY, { expired: true }, 'bad', 'critical'],
  ])('%s', (_title, left, more, state, severity) => {
    expect(key(left, more)).toMatchObject({ state, severity });
  });

  it('of a device that is not ours is not ours to renew', () => {
    expect(key(DAY, { classification: 'shared' })).toBe(undefined);
  });

  it('of a machine that nobody has seen for a month asks for nothing', () => {
    const away = { online: false, lastSeen: T0 - 31 * DAY };
    expect(key(-20 * DAY, { expired: true, ...away })).toBe(undefined);
    expect(key(DAY, { online: false, lastSeen: T0 - 29 * DAY })?.state).toBe('bad');
  });

  it('has a topic of its own among devices with the same host name', () => {
    expect(key(DAY, { id: 'n3', name: 'localhost-3', hostname: 'localhost' })?.topic).toBe(
      'key_expiring_n3',
    );
  });
});

describe('our own device', () => {
  const own = (state: OwnDevice['state'], settled = true): { own: OwnDevice } => ({
    own: { state, reason: `it is ${state}`, remedy: 'Do something', since: T0, settled },
  });

  it('that does not answer is bad after a minute, critically', () => {
    expect(of('tailscaled_unreachable', own('unreachable'))).toMatchObject({
      state: 'bad',
      severity: 'critical',
      raiseAfterMs: 60_000,
      evidence: [{ label: 'Problem', value: 'it is unreachable' }],
    });
    expect(of('tailscaled_unreachable', own('ok'))?.state).toBe('good');
    expect(of('tailscaled_unreachable', {})).toBe(undefined);
    // Whether it is also stopped cannot be known then.
    expect(of('own_device', own('unreachable'))?.state).toBe('between');
  });

  it.each(['stopped', 'logged_out', 'key_expired', 'no_network', 'control_unreachable'] as const)(
    'that is %s is one alert of its own, once that has lasted',
    (state) => {
      const reading = { topic: 'own_device', title: `it is ${state}`, severity: 'critical' };
      expect(of('own_device', own(state))).toMatchObject({ ...reading, state: 'bad' });
      expect(of('own_device', own(state, false))?.state).toBe('between');
      expect(of('tailscaled_unreachable', own(state))?.state).toBe('good');
    },
  );

  it('that is well ends it', () => {
    expect(of('own_device', own('ok'))?.state).toBe('good');
  });
});

describe('tailscaled’s warnings', () => {
  it('are alerts after a while, by their codes: their texts grow', () => {
    const text = (age: string) =>
      `Tailscale hasn't received a network map from the coordination server in ${age}.`;
    for (const age of ['2m10s', '3m0s']) {
      expect(of('tailscaled_health', { health: [text(age)] })).toMatchObject({
        topic: 'health_mapresponse-timeout',
        raiseAfterMs: 10 * MINUTE,
        state: 'bad',
      });
    }
    const update =
      'An update from version 1.102.5 to 1.104.0 is available. Run `tailscale update`.';
    expect(of('tailscaled_health', { health: [update] })).toBe(undefined);
    expect(of('tailscaled_health', { health: null })).toBe(undefined);
  });
});

describe('the ways out', () => {
  const ok: OwnDevice = { state: 'ok', reason: '', remedy: '', since: T0, settled: true };

  it('an exit node in use that is offline is an alert, whatever it is', () => {
    const exitNode = { id: 'x', name: 'exit-vps', online: false };
    expect(of('exit_node_lost', { exitNode, own: ok })).toMatchObject({
      state: 'bad',
      severity: 'critical',
      hostname: 'exit-vps',
    });
    expect(of('exit_node_lost', { exitNode: { ...exitNode, online: true }, own: ok })?.state).toBe(
      'good',
    );
    expect(of('exit_node_lost', { exitNode: null, own: ok })).toBe(undefined);
    // A device that answers is up, whatever the coordination server says.
    const devices = [judged({ id: 'x', online: false })];
    expect(of('exit_node_lost', { exitNode, own: ok, devices })?.state).toBe('good');
  });

  it('a subnet that no device routes is an alert until one does', () => {
    const route = (lostAt: number | null) =>
      of('route_lost', { devices: [], routes: { '10.0.0.0/8': { nodeId: 'r', lostAt } } });
    expect(route(T0)).toMatchObject({ state: 'bad', topic: 'route_10.0.0.0/8' });
    expect(route(null)?.state).toBe('good');
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
    const own = {
      state: 'unreachable',
      reason: 'gone',
      remedy: '',
      since: T0,
      settled: true,
    } as const;
    expect(of('collector_failing', { jobs, own })).toBe(undefined);
  });
});

describe('the quota', () => {
  const status = (used: number): QuotaStatus =>
    quotaStatus(
      Array.from({ length: used }, (_, i) => testDevice(`${i}`)),
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

  it('is above the device’s own band, by as much as a user would notice', () => {
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

  it('is left to the other alert when it is slow for any device', () => {
    const both = all({ rounds: [round({ latencyAvg: 130 }, usual(130))], devices: [judged()] });
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
    const { last } = model();
    const imported = model({ status: 'silent', last: { ...last, imported: true } });
    expect(of('model_degraded', { models: [imported] })).toBeUndefined();
    expect(of('model_silent', { models: [imported] })).toBeUndefined();
    const fine = model({ status: 'ok', entryStatus: 'ok' });
    expect(of('model_degraded', { models: [fine] })?.state).toBe('good');
    expect(of('model_degraded', { models: [model({ entryStatus: 'learning' })] })).toBeUndefined();
  });

  it('that has stopped reporting is an alert, and stays degraded if it was', () => {
    const silent = { models: [model({ status: 'silent' })] };
    expect(of('model_silent', silent)).toMatchObject({
      state: 'bad',
      topic: 'model_silent_prophet/git',
      evidence: [{ label: 'Last report' }, { label: 'Expected within', value: '3\u00a0d' }],
    });
    expect(of('model_degraded', silent)?.state).toBe('bad');
    expect(of('model_silent', { models: [model({ silentAfterMs: null })] })).toBeUndefined();
  });
});
