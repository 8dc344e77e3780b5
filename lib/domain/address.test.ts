import { expect, it } from 'vitest';
import { addressKind } from './address';

it.each([
  ['100.64.0.1', 'tailnet'],
  ['100.127.255.254', 'tailnet'],
  ['100.63.255.255', 'other'],
  ['100.128.0.1', 'other'],
  ['::ffff:100.64.0.1', 'tailnet'],
  ['fd7a:115c:a1e0::2', 'tailnet'],
  ['FD7A:115C:A1E0:ab12::2', 'tailnet'],
  ['fd7a:115c:a1e1::2', 'other'],
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['172.17.0.1', 'other'],
  ['2001:db8::1', 'other'],
  ['', 'other'],
])('%s is %s', (ip, kind) => {
  expect(addressKind(ip)).toBe(kind);
});
