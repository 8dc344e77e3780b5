import { expect, it } from 'vitest';
import { nearestNames } from './nearest-names';

const NAMES = ['git', 'chocolate-factory', 'chocolate-factory-dev', 'nas'];

it.each([
  ['gti', ['git']],
  ['chocolate', ['chocolate-factory', 'chocolate-factory-dev']],
  ['Chocolate-Factroy', ['chocolate-factory', 'chocolate-factory-dev']],
  ['zzzzzzzzzz', []],
])('%s is near %o', (name, near) => {
  expect(nearestNames(name, NAMES, 2)).toEqual(near);
});

it('takes no long time over a long name', () => {
  expect(nearestNames('x'.repeat(100_000), NAMES, 3)).toEqual([]);
});
