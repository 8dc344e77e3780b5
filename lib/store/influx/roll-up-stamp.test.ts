import { expect, test } from 'vitest';
import { HOUR } from '../../util/time';
import { Inventory } from './inventory';
import { editionOf, madeOf, stampOf } from './roll-up-stamp';

test('a roll-up says what it was made of, and how it was counted', () => {
  expect([stampOf(madeOf('past.1.a')), editionOf(madeOf('past.1.a'))]).toEqual(['past.1.a', 2]);
  expect([stampOf('past.1.a'), editionOf('past.1.a')]).toEqual(['past.1.a', 1]);
});

test('the inventory has a roll-up however it was counted, and knows one that was made again', () => {
  const inventory = new Inventory();
  inventory.noteRollUp('raw', HOUR, 0, 'a');
  expect(inventory.hasRollUp('raw', HOUR, 0, 'a')).toBe(true);
  expect(inventory.edition('raw', HOUR, 0, 'a')).toBe(1);
  inventory.noteRollUp('raw', HOUR, 0, madeOf('a'));
  expect(inventory.hasRollUp('raw', HOUR, 0, 'a')).toBe(true);
  expect(inventory.edition('raw', HOUR, 0, 'a')).toBe(2);
  expect(inventory.edition('raw', HOUR, 0, 'b')).toBe(0);
});
