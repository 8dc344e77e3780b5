import { expect, it } from 'vitest';
import { openDatabase } from '../sqlite/driver';
import { RejectedPoints } from './rejected-points';

it('counts points on, however few it keeps', async () => {
  const db = await openDatabase(':memory:');
  const rejected = new RejectedPoints(db);
  expect(rejected.summary()).toEqual({ total: 0, samples: [] });
  for (let i = 0; i < 150; i++) {
    rejected.add({ time: i, line: 'x'.repeat(9_000), reason: `r${i}` });
  }
  const { total, samples } = rejected.summary();
  expect(total).toBe(150);
  expect(samples[0]).toMatchObject({ reason: 'r149' });
  expect(samples[0]?.line).toHaveLength(2_000);
  db.close();
});
