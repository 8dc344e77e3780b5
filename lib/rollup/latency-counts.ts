import { LATENCY_BUCKETS } from '../domain/latency';
import { type Columns, emptyColumns } from './columns';
import { LATENCY_SCHEMA, MOST_HITS } from './roll-up-layout';

/** How far a key is shifted, so that a bucket fits below its row. */
const BUCKET_BITS = 8;
const BUCKET_MASK = (1 << BUCKET_BITS) - 1;

/** The latency rows of a roll-up; `perRow` says how many each of its rows has. */
export type LatencyRows = {
  n: number;
  columns: Columns<typeof LATENCY_SCHEMA>;
  perRow: Uint32Array;
};

/**
 * Counts hits by row and bucket, in an open-addressing hash table: most rows have a hit or two, so that a table of all
 * buckets by row would be almost empty.
 */
export class LatencyCounts {
  private n = 0;
  /** Row and bucket, plus one; 0: free. */
  private keys = new Uint32Array(64);
  private hits = new Float64Array(64);

  add(row: number, bucket: number, hits: number): void {
    const slot = this.slotOf((((row << BUCKET_BITS) | bucket) + 1) >>> 0);
    this.hits[slot] = (this.hits[slot] ?? 0) + hits;
  }

  /** Forgets everything but the room it has grown to. */
  clear(): void {
    this.keys.fill(0);
    this.hits.fill(0);
    this.n = 0;
  }

  /** Returns the counts by row, then by bucket; one that is too large for a row of them takes several. */
  rows(rows: number): LatencyRows {
    const slots = this.sorted(rows);
    const perRow = new Uint32Array(rows);
    let n = 0;
    for (const slot of slots) n += Math.ceil((this.hits[slot] ?? 0) / MOST_HITS);
    const columns = emptyColumns(LATENCY_SCHEMA, n);
    let at = 0;
    for (const slot of slots) {
      const key = (this.keys[slot] ?? 0) - 1;
      const row = key >>> BUCKET_BITS;
      for (let left = this.hits[slot] ?? 0; left > 0; left -= MOST_HITS) {
        columns.bucket[at] = key & BUCKET_MASK;
        columns.hits[at] = Math.min(left, MOST_HITS);
        perRow[row] = (perRow[row] ?? 0) + 1;
        at++;
      }
    }
    return { n, columns, perRow };
  }

  /** Returns the slots in use, by row and bucket: a radix sort, first by what matters least. */
  private sorted(rows: number): Uint32Array {
    const used = new Uint32Array(this.n);
    let n = 0;
    for (let slot = 0; slot < this.keys.length; slot++) if (this.keys[slot] !== 0) used[n++] = slot;
    const keyOf = (slot: number) => (this.keys[slot] ?? 0) - 1;
    const byBucket = sortedBy(used, LATENCY_BUCKETS, (slot) => keyOf(slot) & BUCKET_MASK);
    return sortedBy(byBucket, rows, (slot) => keyOf(slot) >>> BUCKET_BITS);
  }

  private slotOf(key: number): number {
    const mask = this.keys.length - 1;
    let slot = Math.imul(key, 0x9e3779b1) >>> Math.clz32(mask);
    for (let held = this.keys[slot] ?? 0; held !== key; held = this.keys[slot] ?? 0) {
      if (held !== 0) {
        slot = (slot + 1) & mask;
        continue;
      }
      if (this.n * 2 >= this.keys.length) {
        this.grow();
        return this.slotOf(key);
      }
      this.keys[slot] = key;
      this.n++;
      return slot;
    }
    return slot;
  }

  private grow(): void {
    const { keys, hits } = this;
    this.keys = new Uint32Array(keys.length * 2);
    this.hits = new Float64Array(keys.length * 2);
    this.n = 0;
    keys.forEach((key, slot) => {
      if (key !== 0) this.hits[this.slotOf(key)] = hits[slot] ?? 0;
    });
  }
}

/** A stable counting sort: `of` gives a number below `most`. */
function sortedBy(values: Uint32Array, most: number, of: (value: number) => number): Uint32Array {
  const starts = new Uint32Array(most + 1);
  for (const value of values) starts[of(value) + 1] = (starts[of(value) + 1] ?? 0) + 1;
  for (let i = 0; i < most; i++) starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  const sorted = new Uint32Array(values.length);
  for (const value of values) {
    const at = starts[of(value)] ?? 0;
    sorted[at] = value;
    starts[of(value)] = at + 1;
  }
  return sorted;
}
