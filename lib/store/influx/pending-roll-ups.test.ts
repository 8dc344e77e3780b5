import { expect, it } from 'vitest';
import { UTC_PERIODS } from '../../rollup/periods';
import { HOUR, MINUTE } from '../../util/time';
import { openDatabase } from '../sqlite/driver';
import { PendingRollUps } from './pending-roll-ups';

it('a roll-up stays pending when its hits change while it is being made', async () => {
  const db = await openDatabase(':memory:');
  const pending = new PendingRollUps(db);
  const before = HOUR + MINUTE;
  pending.add(HOUR, 0);
  expect(pending.next(HOUR, HOUR - 1, 9, UTC_PERIODS)).toEqual([]);
  const due = pending.next(HOUR, before, 9, UTC_PERIODS);
  expect(due).toEqual([{ start: 0, changes: 1 }]);
  pending.add(HOUR, 0);
  for (const one of due) pending.completed(HOUR, one);
  expect(pending.next(HOUR, before, 9, UTC_PERIODS)).toHaveLength(1);
  pending.completed(HOUR, { start: 0, changes: 2 });
  expect(pending.next(HOUR, before, 9, UTC_PERIODS)).toEqual([]);
  db.close();
});
