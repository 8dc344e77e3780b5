import { describe, expect, test } from 'vitest';
import type { DeviceResponse } from '@/lib/api/schemas';
import type { HealthResponse } from '@/lib/api/service-schemas';
import { attention, filterDevices, firingDevices, sortDevices } from './device-order';
import { device, healthy } from './test-doubles';

const NOW = Date.UTC(2026, 10, 24);
const inDays = (days: number) => new Date(NOW + days * 86_400_000).toISOString();

const healthWith = (id: string): HealthResponse => {
  const alert = { rule: 'packet_loss' as const, title: '', node_id: id, hostname: id, since: '' };
  return {
    ...healthy,
    alerts: { firing: 1, loudest: [{ ...alert, severity: 'critical' }] },
  };
};

const names = (devices: DeviceResponse[]) => devices.map((each) => each.hostname);

describe('worst first', () => {
  test('expired, a server or critical device offline, relayed, expiring by date, online, switched off', () => {
    const devices = [
      device('off', { online: false, path: 'offline' }),
      device('fine'),
      device('slow', { path: 'relay' }),
      device('server', { online: false, path: 'offline', tags: ['tag:web'] }),
      device('soon', { key_expiry: inDays(6) }),
      device('sooner', { key_expiry: inDays(0.5) }),
      device('nas', { online: false, path: 'offline', critical: true }),
      device('dead', { expired: true, key_expiry: inDays(-1) }),
    ];
    expect(names(sortDevices(devices, null, NOW))).toEqual([
      ...['dead', 'nas', 'server', 'slow', 'sooner', 'soon', 'fine', 'off'],
    ]);
  });

  test('before all of them one with a critical alert; one behind a peer relay is relayed', () => {
    const devices = [
      device('dead', { expired: true, key_expiry: inDays(-1) }),
      device('fine'),
      device('peer', { path: 'peer_relay' }),
      device('lossy'),
    ];
    const firing = firingDevices(healthWith('lossy'));
    expect(names(sortDevices(devices, null, NOW, firing))).toEqual([
      'lossy',
      'dead',
      'peer',
      'fine',
    ]);
  });

  test('a key good for more than a week asks for nothing', () => {
    expect(attention(device('x', { key_expiry: inDays(8) }), NOW)).toBe('none');
  });

  test('nor does the key of a device that has not been seen for 30 days, expired or about to', () => {
    const away = (days: number, more: Partial<DeviceResponse>) =>
      attention(device('x', { online: false, last_seen: inDays(-days), ...more }), NOW);
    expect(away(31, { key_expiry: inDays(2) })).toBe('none');
    expect(away(31, { expired: true, key_expiry: inDays(-1) })).toBe('none');
    expect(away(29, { key_expiry: inDays(2) })).toBe('expiring');
    expect(away(29, { expired: true, key_expiry: inDays(-1) })).toBe('expired');
  });
});

test('a column sorts both ways; equal rows keep a fixed order', () => {
  const devices = [
    device('b', { rx_bytes: 5 }),
    device('c', { rx_bytes: 9 }),
    device('a', { rx_bytes: 5 }),
  ];
  expect(names(sortDevices(devices, { key: 'rx', descending: false }, NOW))).toEqual([
    'a',
    'b',
    'c',
  ]);
  expect(names(sortDevices(devices, { key: 'rx', descending: true }, NOW))).toEqual([
    'c',
    'a',
    'b',
  ]);
});

test('last seen: online now is the latest, never seen the earliest', () => {
  const devices = [
    device('never', { online: false }),
    device('now'),
    device('old', { online: false, last_seen: inDays(-2) }),
  ];
  expect(names(sortDevices(devices, { key: 'seen', descending: true }, NOW))).toEqual([
    'now',
    'old',
    'never',
  ]);
});

test('search wants every word, anywhere; class and online narrow it', () => {
  const devices = [
    device('nas', { tags: ['tag:backup'], online: false }),
    device('phone', { classification: 'shared', os: 'iOS' }),
  ];
  const search = (text: string, classification = '', online = '') =>
    names(filterDevices(devices, { text, classification, online }));
  expect(search('')).toEqual(['nas', 'phone']);
  expect(search('ANA  backup')).toEqual(['nas']);
  expect(search('ios nas')).toEqual([]);
  expect(search('', 'shared')).toEqual(['phone']);
  expect(search('', '', 'offline')).toEqual(['nas']);
});
