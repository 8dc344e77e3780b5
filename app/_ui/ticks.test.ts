import { expect, test } from 'vitest';
import { HOUR } from '@/lib/util/time';
import { countTicks, isPartial, labelledBuckets } from './ticks';

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [7, [0, 2, 4, 6, 8]],
  [90, [0, 50, 100]],
  [1284, [0, 500, 1000, 1500]],
])('ticks for %i are even, round, whole and cover it', (max, ticks) => {
  expect(countTicks(max)).toEqual(ticks);
});

const every = (stepMs: number, length: number, from: number) =>
  Array.from({ length }, (_, index) => from + index * stepMs);

test('hours of a week are labelled where a UTC day begins', () => {
  const times = every(HOUR, 168, Date.UTC(2026, 10, 17, 5));
  const labels = labelledBuckets(times, 8);
  expect(labels.map(({ index }) => index)).toEqual([19, 43, 67, 91, 115, 139, 163]);
});

test('hours of a day are labelled at round hours, the first one too when it is round', () => {
  const times = every(HOUR, 24, Date.UTC(2026, 10, 17, 6));
  expect(labelledBuckets(times, 8).map(({ index }) => index)).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
});

test('buckets that no round time falls on still get labels; none give none', () => {
  expect(labelledBuckets(every(7 * HOUR, 40, 12_345), 6).length).toBeGreaterThan(3);
  expect(labelledBuckets([], 8)).toEqual([]);
});

test('the first and the last bucket are partial where they reach beyond the range', () => {
  const range = { from: HOUR / 2, to: 2.5 * HOUR };
  expect([0, 1, 2].map((hour) => isPartial(hour * HOUR, HOUR, range))).toEqual([true, false, true]);
});
