import { describe, expect, it } from 'vitest';
import { CellTable, unpackAll, unpackCells, unpackDetails } from './roll-up';

describe('a roll-up', () => {
  it('comes back as it was added, however many cells it grows to', () => {
    const table = new CellTable();
    const expected = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const [visitor, endpoint] = [i % 1_000, (i * 7) % 13];
      table.add(visitor, endpoint, 200, false, 10, i % 300);
      const key = `${visitor} ${endpoint}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    const { n, cells, latency } = unpackAll(table.pack());
    expect(n).toBe(expected.size);
    for (let i = 0; i < n; i++) {
      expect(cells.hits[i]).toBe(expected.get(`${cells.visitor[i]} ${cells.endpoint[i]}`));
    }
    expect(latency.hits.reduce((a, b) => a + b, 0)).toBe(20_000);
  });

  it('adds up with others to the same as all hits at once', () => {
    const all = new CellTable();
    const merged = new CellTable();
    for (let part = 0; part < 5; part++) {
      const table = new CellTable();
      for (let i = 0; i < 200; i++) {
        const hit = [i % 7, i % 3, 200 + (i % 4), i % 2 === 0, i, i % 5 === 0 ? null : i] as const;
        table.add(...hit);
        all.add(...hit);
      }
      merged.merge(unpackAll(table.pack()));
    }
    expect(merged.pack()).toEqual(all.pack());
  });

  it('holds nothing of what was in it before it was cleared', () => {
    const fresh = new CellTable();
    const reused = new CellTable();
    for (let i = 0; i < 500; i++) reused.add(i, i % 9, 404, true, 1_000, i);
    reused.clear();
    for (const table of [fresh, reused]) {
      for (let i = 0; i < 100; i++) table.add(i % 7, i % 3, 200, false, i, i % 5 ? i : null);
    }
    expect(unpackAll(reused.pack())).toEqual(unpackAll(fresh.pack()));
  });

  it('refuses a damaged blob', () => {
    const packed = new CellTable().pack();
    expect(() => unpackCells(packed.cells.subarray(0, 4))).toThrow(RangeError);
    expect(() => unpackDetails(packed.details.subarray(0, 4))).toThrow(RangeError);
    const table = new CellTable();
    table.add(1, 1, 200, false, 1, 1);
    const { cells, details } = table.pack();
    expect(() => unpackCells(cells.slice(0, 20))).toThrow(RangeError);
    expect(() => unpackDetails(details.slice(0, 20))).toThrow(RangeError);
  });
});
