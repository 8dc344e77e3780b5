import { expect, it } from 'vitest';
import { millisecondsOf } from './fields';

it.each([
  ['0.0', 0],
  ['0.0004', 0],
  ['0.0005', 1],
  ['0.0123456789', 12],
  ['1.5', 1_500],
  ['59.9996', 60_000],
  ['999999999999.999', 999_999_999_999_999],
])('%s seconds are %d milliseconds', (text, milliseconds) => {
  expect(millisecondsOf(text)).toBe(milliseconds);
});

it.each([
  '',
  '1',
  '.5',
  '1.',
  '1..5',
  '1.5.1',
  '-1.5',
  '+1.5',
  '1,5',
  '1.5e3',
  ' 1.5',
  '1.5 ',
  '1234567890123.5',
])('%j is none', (text) => {
  expect(millisecondsOf(text)).toBeNaN();
});
