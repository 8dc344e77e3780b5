import { expect, it } from 'vitest';
import { hasWanted, runsIn, slicesOf } from './slices';

it('rows of few visitors are not divided', () => {
  expect(slicesOf(Uint32Array.of(7, 3, 9, 3), 4, 4)).toBeNull();
});

it('each visitor is in one slice, and no two neighbouring slices would fit into one', () => {
  const visitors = Uint32Array.from({ length: 500 }, (_, i) => (i % 7 === 0 ? 900 : i % 41));
  const { runs, of } = slicesOf(visitors, visitors.length, 100, 50) ?? { runs: [], of: [] };
  const sizes = runs.map(() => 0);
  for (const visitor of visitors) {
    const slice = of[visitor] ?? -1;
    sizes[slice] = (sizes[slice] ?? 0) + 1;
    expect(hasWanted(runs[slice]!, [{ first: visitor, last: visitor }])).toBe(true);
  }
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(visitors.length);
  for (const [i, size] of sizes.entries()) {
    if (i > 0) expect((sizes[i - 1] ?? 0) + size).toBeGreaterThan(50);
  }
  for (const [i, { first }] of runs.entries()) {
    if (i > 0) expect(first).toBeGreaterThan(runs[i - 1]?.last ?? 0);
  }
});

it('visitors become runs, unless they are scattered', () => {
  const table = (...ids: number[]) => {
    const wanted = new Uint8Array(40);
    for (const id of ids) wanted[id] = 1;
    return runsIn(wanted);
  };
  expect(table()).toEqual([]);
  expect(table(0, 1, 2, 5, 39)).toEqual([
    { first: 0, last: 2 },
    { first: 5, last: 5 },
    { first: 39, last: 39 },
  ]);
  expect(table(0, 2, 4, 6, 8, 10, 12, 14, 16)).toBeNull();
});

it('a slice has wanted visitors when they may be in it', () => {
  const slice = { first: 10, last: 20 };
  expect(hasWanted(slice, null)).toBe(true);
  expect(hasWanted(slice, [])).toBe(false);
  expect(hasWanted(slice, [{ first: 1, last: 9 }])).toBe(false);
  expect(hasWanted(slice, [{ first: 21, last: 30 }])).toBe(false);
  expect(hasWanted(slice, [{ first: 12, last: 12 }])).toBe(true);
  expect(
    hasWanted(slice, [
      { first: 1, last: 2 },
      { first: 20, last: 30 },
    ]),
  ).toBe(true);
});
