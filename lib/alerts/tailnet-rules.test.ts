import { describe, expect, it } from 'vitest';
import type { Device } from '../domain/device';
import type { OwnDevice } from '../domain/own-device';
import { DAY, MINUTE } from '../util/time';
import { judged, readingOf, readingsOf, T0 } from './test-doubles';

describe('a node key', () => {
  const key = (left: number | null, more: Partial<Device> = {}) =>
    readingOf('key_expiring', {
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
    expect(readingOf('tailscaled_unreachable', own('unreachable'))).toMatchObject({
      state: 'bad',
      severity: 'critical',
      raiseAfterMs: 60_000,
      evidence: [{ label: 'Problem', value: 'it is unreachable' }],
    });
    expect(readingOf('tailscaled_unreachable', own('ok'))?.state).toBe('good');
    expect(readingOf('tailscaled_unreachable', {})).toBe(undefined);
    // Whether it is also stopped cannot be known then.
    expect(readingOf('own_device', own('unreachable'))?.state).toBe('between');
  });

  const aboutOwn = (given: { own: OwnDevice }, topic: string) =>
    readingsOf(given).find((one) => one.rule === 'own_device' && one.topic === topic);

  it.each([
    ['stopped', 'own_device', 'own_device_login'],
    ['logged_out', 'own_device_login', 'own_device'],
    ['key_expired', 'own_device_login', 'own_device'],
    ['no_network', 'own_device', 'own_device_login'],
    ['control_unreachable', 'own_device', 'own_device_login'],
  ] as const)('that is %s is one alert of its own, once that has lasted', (state, topic, other) => {
    const reading = { topic, title: `it is ${state}`, severity: 'critical' };
    expect(aboutOwn(own(state), topic)).toMatchObject({ ...reading, state: 'bad' });
    expect(aboutOwn(own(state, false), topic)?.state).toBe('between');
    expect(aboutOwn(own(state), other)?.state).toBe('between');
    expect(readingOf('tailscaled_unreachable', own(state))?.state).toBe('good');
  });

  it('that is well ends it', () => {
    for (const topic of ['own_device', 'own_device_login']) {
      expect(aboutOwn(own('ok'), topic)?.state).toBe('good');
    }
  });
});

describe('tailscaled’s warnings', () => {
  it('are alerts after a while, by their codes: their texts grow', () => {
    const text = (age: string) =>
      `Tailscale hasn't received a network map from the coordination server in ${age}.`;
    for (const age of ['2m10s', '3m0s']) {
      expect(readingOf('tailscaled_health', { health: [text(age)] })).toMatchObject({
        topic: 'health_mapresponse-timeout',
        raiseAfterMs: 10 * MINUTE,
        state: 'bad',
      });
    }
    const update =
      'An update from version 1.102.5 to 1.104.0 is available. Run `tailscale update`.';
    expect(readingOf('tailscaled_health', { health: [update] })).toBe(undefined);
    expect(readingOf('tailscaled_health', { health: null })).toBe(undefined);
  });
});

describe('the ways out', () => {
  const ok: OwnDevice = { state: 'ok', reason: '', remedy: '', since: T0, settled: true };

  it('an exit node in use that is offline is an alert, whatever it is', () => {
    const exitNode = { id: 'x', name: 'exit-vps', online: false };
    expect(readingOf('exit_node_lost', { exitNode, own: ok })).toMatchObject({
      state: 'bad',
      severity: 'critical',
      hostname: 'exit-vps',
    });
    expect(
      readingOf('exit_node_lost', { exitNode: { ...exitNode, online: true }, own: ok })?.state,
    ).toBe('good');
    expect(readingOf('exit_node_lost', { exitNode: null, own: ok })).toBe(undefined);
    // A device that answers is up, whatever the coordination server says.
    const devices = [judged({ id: 'x', online: false })];
    expect(readingOf('exit_node_lost', { exitNode, own: ok, devices })?.state).toBe('good');
  });

  it('a subnet that no device routes is an alert until one does', () => {
    const route = (lostAt: number | null) =>
      readingOf('route_lost', { devices: [], routes: { '10.0.0.0/8': { nodeId: 'r', lostAt } } });
    expect(route(T0)).toMatchObject({ state: 'bad', topic: 'route_10.0.0.0/8' });
    expect(route(null)?.state).toBe('good');
  });
});
