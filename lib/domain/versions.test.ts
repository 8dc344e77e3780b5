import { expect, it } from 'vitest';
import { olderFirst, shortVersion } from './versions';

it('says a version as people do', () => {
  expect(shortVersion('1.102.5-t0a1b2c3d4-g5e6f7a8b9')).toBe('1.102.5');
  expect(shortVersion('1.103.0-dev20261101')).toBe('1.103.0');
  expect(shortVersion('unknown')).toBe('unknown');
});

it('orders versions by their numbers, not their letters', () => {
  const versions = ['1.102.5', '1.98.3', '1.102.10', '1.9', '2.0', '1.9.0', 'x'];
  expect(versions.sort(olderFirst)).toEqual([
    ...['x', '1.9', '1.9.0', '1.98.3', '1.102.5', '1.102.10', '2.0'],
  ]);
});
