import { expect, test } from 'vitest';
import {
  deviceListParameters,
  NO_FILTERS,
  parseDeviceList,
  withDeviceList,
} from './device-list-view';

const parse = (query: string) => parseDeviceList(new URLSearchParams(query));

test('the list is written in the address, and read back', () => {
  for (const query of [
    '',
    'find=n%26s&class=shared&online=offline&sort=-rx&devices=all',
    'sort=expiry',
  ]) {
    expect(String(new URLSearchParams(deviceListParameters(parse(query))))).toBe(query);
  }
  expect(parse('sort=-seen')).toEqual({
    filters: NO_FILTERS,
    sort: { key: 'seen', descending: true },
    all: false,
  });
});

test('what cannot be used is left out', () => {
  for (const query of ['class=x', 'online=maybe', 'sort=__proto__', 'sort=-', 'devices=few']) {
    expect(deviceListParameters(parse(query)), query).toEqual([]);
  }
});

test('the rest of an address stays as it is, and all of it when the list has not changed', () => {
  const address = new URL('http://x/vpn?endpoint=%2Fgit%2F*&sort=rx#devices');
  expect(withDeviceList(address, parse('sort=rx'))).toBe(address);
  expect(withDeviceList(address, parse('find=nas')).href).toBe(
    'http://x/vpn?endpoint=%2Fgit%2F*&find=nas#devices',
  );
});
