import { expect, test } from 'vitest';
import { inOrderOf } from './stable-order';

const items = (text: string, value = 0) => [...text].map((key) => ({ key, value }));
const order = (before: string, now: string) =>
  inOrderOf(items(before), items(now, 1), ({ key }) => key);
const keys = (before: string, now: string) =>
  order(before, now)
    .map(({ key }) => key)
    .join('');

test('what was there stays where it was, whatever the new order', () => {
  expect(keys('abc', 'cab')).toBe('abc');
});

test('values are those of now', () => {
  expect(order('ab', 'ba')).toEqual([
    { key: 'a', value: 1 },
    { key: 'b', value: 1 },
  ]);
});

test('what is new joins at the end in its own order, and what is gone leaves no gap', () => {
  expect(keys('abc', 'zcya')).toBe('aczy');
});

test('nothing is dropped or doubled', () => {
  expect(keys('', 'cab')).toBe('cab');
  expect(keys('abc', '')).toBe('');
});
