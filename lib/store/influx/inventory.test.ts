import { describe, expect, it } from 'vitest';
import { DAY, HOUR, WEEK } from '../../util/time';
import { Inventory } from './inventory';

describe('the inventory of a collector', () => {
  it('stamps a period by all of its hours, and anew when one of them changes', () => {
    const inventory = new Inventory();
    expect(inventory.stampOf(DAY, 0)).toBeNull();
    expect(inventory.noteHour('raw', 5 * HOUR, 'a')).toBe(true);
    expect(inventory.noteHour('raw', 5 * HOUR, 'a')).toBe(false);
    const [day, week] = [inventory.stampOf(DAY, 0), inventory.stampOf(WEEK, 0)];
    expect(day).not.toBeNull();
    inventory.noteHour('raw', 30 * HOUR, 'b');
    expect(inventory.stampOf(DAY, 0)).toBe(day);
    expect(inventory.stampOf(WEEK, 0)).not.toBe(week);
    inventory.noteHour('past', 5 * HOUR, 'c');
    expect(inventory.stampOf(DAY, 0)).not.toBe(day);
  });

  it('has a roll-up only as long as it was made of the hours as they are', () => {
    const inventory = new Inventory();
    inventory.noteHour('raw', 0, 'a');
    const stamp = inventory.stampOf(DAY, 0) ?? '';
    inventory.noteRollUp('sum', DAY, 0, stamp);
    expect(inventory.hasRollUp('sum', DAY, 0, stamp)).toBe(true);
    inventory.noteHour('raw', HOUR, 'b');
    expect(inventory.hasRollUp('sum', DAY, 0, inventory.stampOf(DAY, 0) ?? '')).toBe(false);
  });

  it('finds the hours that touch a range, and the first of all', () => {
    const inventory = new Inventory();
    for (const hour of [9, 3, 4, 5]) inventory.noteHour('raw', hour * HOUR, 'a');
    inventory.noteHour('past', HOUR, 'a');
    const range = { from: 3 * HOUR + 1, to: 5 * HOUR };
    expect([...inventory.hoursIn(range)].sort()).toEqual([3 * HOUR, 4 * HOUR]);
    expect([...inventory.hoursIn({ from: 0, to: 3 * HOUR }, ['raw'])]).toEqual([]);
    expect(inventory.firstHour).toBe(HOUR);
  });
});
