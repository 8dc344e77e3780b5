import { describe, expect, it } from 'vitest';
import { CellTable, unpackCells } from './cells';

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
    const { n, cells, latency } = unpackCells(table.pack());
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
      merged.merge(unpackCells(table.pack()));
    }
    expect(merged.pack()).toEqual(all.pack());
  });

  it('refuses a damaged blob', () => {
    const packed = new CellTable().pack();
    expect(() => unpackCells(packed.subarray(0, 4))).toThrow(RangeError);
    const table = new CellTable();
    table.add(1, 1, 200, false, 1, 1);
    expect(() => unpackCells(table.pack().slice(0, 30))).toThrow(RangeError);
  });
});
