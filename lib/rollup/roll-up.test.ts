import { describe, expect, it } from 'vitest';
import { CLIENT_KINDS } from '../domain/access';
import { bucketValue, latencyBucket } from '../domain/latency';
import { unpackDetails, unpackRollUp, unpackRows } from './roll-up';
import { type CountedHit, RollUpBuilder } from './roll-up-builder';
import { packedCoarsely } from './test-coarse';

/** A hit; `responseMs` is null when its line had none. */
const hit = (
  visitor: number,
  endpoint: number,
  status: number,
  bot: boolean,
  bytes: number,
  responseMs: number | null,
): CountedHit => ({
  ...{ visitor, endpoint, status, bytes, responseMs: responseMs ?? -1 },
  client: CLIENT_KINDS.indexOf(bot ? 'bot' : 'browser'),
});

describe('a roll-up', () => {
  it('comes back as it was added, however many rows it grows to', () => {
    const builder = new RollUpBuilder();
    const expected = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const [visitor, endpoint] = [i % 1_000, (i * 7) % 13];
      builder.add(hit(visitor, endpoint, 200, false, 10, i % 300));
      const key = `${visitor} ${endpoint}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    const { n, columns, latency } = unpackRollUp(builder.pack());
    expect(n).toBe(expected.size);
    for (let i = 0; i < n; i++) {
      const { visitor, endpoint, hits } = columns;
      expect(hits[i]).toBe(expected.get(`${visitor[i]} ${endpoint[i]}`));
    }
    expect(latency.hits.reduce((a, b) => a + b, 0)).toBe(20_000);
  });

  it('adds up with others to the same as all hits at once', () => {
    const all = new RollUpBuilder();
    const merged = new RollUpBuilder();
    for (let part = 0; part < 5; part++) {
      const builder = new RollUpBuilder();
      for (let i = 0; i < 200; i++) {
        const ms = i % 5 === 0 ? null : i;
        const one = hit(i % 7, i % 3, 200 + (i % 4), i % 2 === 0, i, ms);
        builder.add(one);
        all.add(one);
      }
      merged.merge(unpackRollUp(builder.pack()));
    }
    expect(merged.pack()).toEqual(all.pack());
  });

  it('is packed in slices by visitor that add up to it', () => {
    const builder = new RollUpBuilder();
    for (let i = 0; i < 900; i++) {
      builder.add(hit(i % 50, i % 7, 200 + (i % 3), i % 4 === 0, i, i % 5 ? i : null));
    }
    const whole = unpackRows(builder.pack().rows).n;
    const slices = builder.slices(200, 10);
    expect(slices.length).toBeGreaterThan(4);
    const merged = new RollUpBuilder();
    for (const slice of slices) {
      const { n, columns } = unpackRows(slice.rows);
      const visitors = [...columns.visitor];
      expect([Math.min(...visitors), Math.max(...visitors)]).toEqual([slice.first, slice.last]);
      expect(n).toBeLessThanOrEqual(whole / 8 + 1);
      merged.merge(unpackRollUp(slice));
    }
    const sorted = (one: RollUpBuilder) => {
      const { n, columns, details, latency } = unpackRollUp(one.pack());
      let at = 0;
      const rows = Array.from({ length: n }, (_, i) => {
        const counts = Object.values(columns).map((column) => column[i]);
        const end = at + (details.latencies[i] ?? 0);
        const times = [...latency.bucket.slice(at, end), ...latency.hits.slice(at, end)];
        at = end;
        return JSON.stringify([counts, details.bytes[i], times]);
      });
      return rows.sort();
    };
    expect(sorted(merged)).toEqual(sorted(builder));
    expect(builder.slices()).toEqual([{ first: 0, last: 49, ...builder.pack() }]);
  });

  it('holds nothing of what was in it before it was cleared', () => {
    const fresh = new RollUpBuilder();
    const reused = new RollUpBuilder();
    for (let i = 0; i < 500; i++) reused.add(hit(i, i % 9, 404, true, 1_000, i));
    reused.clear();
    for (const builder of [fresh, reused]) {
      for (let i = 0; i < 100; i++) {
        builder.add(hit(i % 7, i % 3, 200, false, i, i % 5 ? i : null));
      }
    }
    expect(unpackRollUp(reused.pack())).toEqual(unpackRollUp(fresh.pack()));
  });

  it('counts more hits of a bucket than fit into one of its rows', () => {
    const sum = new RollUpBuilder();
    const part = new RollUpBuilder();
    for (let i = 0; i < 50_000; i++) part.add(hit(1, 1, 200, false, 1, 7));
    part.add(hit(2, 1, 200, false, 1, 9));
    for (let i = 0; i < 4; i++) sum.merge(unpackRollUp(part.pack()));
    const { latency, details } = unpackRollUp(sum.pack());
    expect([...latency.bucket]).toEqual([7, 7, 7, 7, 9]);
    expect([...latency.hits]).toEqual([65_535, 65_535, 65_535, 3_395, 4]);
    expect([...details.latencies]).toEqual([4, 1]);
  });

  it('of an earlier version is read with its response times in the buckets of their middles', () => {
    const latencies = [0, 1, 3, 9, 120, 121, 3_000, null];
    const hits = latencies.map((ms, i) => hit(i % 3, 1, 200, false, 5, ms));
    const fine = new RollUpBuilder();
    for (const one of hits) fine.add(one);
    const now = unpackRollUp(fine.pack());
    const old = unpackRollUp(packedCoarsely(hits));
    expect(now.coarse).toBe(false);
    expect(old.coarse).toBe(true);
    expect(old.columns).toEqual(now.columns);
    expect(old.details.bytes).toEqual(now.details.bytes);
    const sumOf = (counts: Iterable<number>) => [...counts].reduce((a, b) => a + b, 0);
    expect(sumOf(old.latency.hits)).toBe(7);
    expect(sumOf(old.details.latencies)).toBe(old.latency.hits.length);
    const values = [...old.latency.bucket].map(bucketValue).sort((a, b) => a - b);
    expect(values.slice(0, 3)).toEqual([0, 1, 3]);
    expect(values.at(-1)).toBe(bucketValue(latencyBucket(2 ** (46.5 / 4))));
  });

  it('stays marked as made of an earlier version’s, however often it is added up, unless that had no response times', () => {
    const merged = (hits: CountedHit[]) => {
      const sum = new RollUpBuilder();
      sum.merge(unpackRollUp(packedCoarsely(hits)));
      sum.add(hit(1, 1, 200, false, 1, 50));
      const again = new RollUpBuilder();
      again.merge(unpackRollUp(sum.pack()));
      return unpackRollUp(again.pack()).coarse;
    };
    expect(merged([hit(1, 1, 200, false, 1, 50)])).toBe(true);
    expect(merged([hit(1, 1, 200, false, 1, null)])).toBe(false);
    const cleared = new RollUpBuilder();
    cleared.merge(unpackRollUp(packedCoarsely([hit(1, 1, 200, false, 1, 50)])));
    cleared.clear();
    expect(unpackRollUp(cleared.pack()).coarse).toBe(false);
  });

  it('refuses a damaged blob', () => {
    const packed = new RollUpBuilder().pack();
    expect(() => unpackRows(packed.rows.subarray(0, 4))).toThrow(RangeError);
    expect(() => unpackDetails(packed.details.subarray(0, 4))).toThrow(RangeError);
    const builder = new RollUpBuilder();
    builder.add(hit(1, 1, 200, false, 1, 1));
    const { rows, details } = builder.pack();
    expect(() => unpackRows(rows.slice(0, 20))).toThrow(RangeError);
    expect(() => unpackDetails(details.slice(0, 20))).toThrow(RangeError);
    details[7] = 0x70;
    expect(() => unpackDetails(details)).toThrow('unknown version');
  });
});
