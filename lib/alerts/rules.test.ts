import { describe, expect, it } from 'vitest';
import type { AlertRule, Reading } from '../domain/alert';
import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
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
