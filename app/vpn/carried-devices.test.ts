import { expect, test } from 'vitest';
import { carriedDevices } from './carried-devices';
import { visibleColumns } from './device-columns';
import { parseDeviceList } from './device-list-view';
import { sortDevices } from './device-order';
import { device } from './test-doubles';

const NOW = Date.parse('2026-11-27T12:00:00Z');
const FIRING: ReadonlySet<string> = new Set();
const names = (count: number) =>
  Array.from({ length: count }, (_, i) => `node-${String(i).padStart(4, '0')}`);
const carried = (devices: ReturnType<typeof device>[], query = '') =>
  carriedDevices(devices, parseDeviceList(new URLSearchParams(query)), NOW, FIRING);

test('of many devices the page carries those that its list shows first, in every order', () => {
  const devices = names(500).map((name, i) =>
    device(name, { path: i % 100 === 0 ? 'relay' : 'direct' }),
  );
  expect(carried(devices).length).toBeLessThan(30);
  for (const query of ['', 'sort=name', 'sort=-name']) {
    const { sort } = parseDeviceList(new URLSearchParams(query));
    const all = sortDevices(devices, sort, NOW, FIRING);
    const shown = sortDevices(carried(devices, query), sort, NOW, FIRING);
    expect(shown.slice(0, 15)).toEqual(all.slice(0, 15));
  }
});

test('it carries all of them when there are few, when all are shown, and when they are searched', () => {
  const few = names(20).map((name) => device(name));
  const many = names(500).map((name) => device(name));
  expect(carried(few)).toBe(few);
  expect(carried(many, 'devices=all')).toBe(many);
  expect(carried(many, 'find=node')).toBe(many);
});

test('it warns of every key that expires from the start', () => {
  const soon = { key_expiry: '2026-11-29T12:00:00Z' };
  const devices = names(500).map((name, i) =>
    device(name, i < 100 ? { path: 'relay' } : i < 130 ? soon : {}),
  );
  const { length } = carried(devices).filter(({ key_expiry }) => key_expiry !== null);
  expect(length).toBe(30);
});

test('no column appears only once the rest is there', () => {
  const devices = names(500).map((name) => device(name, { path: 'idle', user: null }));
  const last = {
    classification: 'shared',
    rx_bytes: 1,
    key_expiry: '2027-11-29T12:00:00Z',
  } as const;
  devices.push(device('zz', { ...last, path: 'direct', endpoint: '192.0.2.1:41641' }));
  expect(visibleColumns(carried(devices))).toEqual(visibleColumns(devices));
});
