import { LATENCY_BUCKETS } from '../domain/latency';
import { plus } from './accumulator';

const FIRST_ROWS = 32;

/** Response times by endpoint: a histogram for each that has any, since few of all endpoints occur in a range. */
export class EndpointLatency {
  constructor(
    endpoints: number,
    /** By endpoint: the row of its histogram plus one; 0: it has none. The last is for endpoints not known yet. */
    private readonly row = new Uint32Array(endpoints + 1),
    private rows = 0,
    /** LATENCY_BUCKETS counts per row. */
    counts = new Float64Array(FIRST_ROWS * LATENCY_BUCKETS),
  ) {
    this.counts = counts;
  }

  /** Another array once a histogram was added. */
  counts: Float64Array;

  get byteLength(): number {
    return this.row.byteLength + this.counts.byteLength;
  }

  /** Returns where the histogram of an endpoint begins in `counts`; adds it if there is none. */
  startOf(endpoint: number): number {
    const at = Math.min(endpoint, this.row.length - 1);
    const existing = this.row[at] ?? 0;
    if (existing !== 0) return (existing - 1) * LATENCY_BUCKETS;
    const start = this.rows * LATENCY_BUCKETS;
    if (start === this.counts.length) {
      const grown = new Float64Array(Math.max(FIRST_ROWS * LATENCY_BUCKETS, start * 2));
      grown.set(this.counts);
      this.counts = grown;
    }
    this.row[at] = ++this.rows;
    return start;
  }

  /** Returns the histogram of an endpoint; empty if it has none. */
  histogram(endpoint: number): Float64Array {
    const row = this.row[endpoint] ?? 0;
    const start = Math.max(0, row - 1) * LATENCY_BUCKETS;
    return this.counts.subarray(start, row === 0 ? start : start + LATENCY_BUCKETS);
  }

  /** Adds the histogram of an endpoint to the one that begins at `start` in `sums`. */
  addTo(sums: Float64Array, start: number, endpoint: number): void {
    const row = this.row[endpoint] ?? 0;
    if (row === 0) return;
    const { counts } = this;
    const from = (row - 1) * LATENCY_BUCKETS;
    for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
      plus(sums, start + bucket, counts[from + bucket] ?? 0);
    }
  }

  /** Returns the histogram of all endpoints together. */
  total(): Float64Array {
    const { counts } = this;
    const total = new Float64Array(LATENCY_BUCKETS);
    for (let i = 0; i < counts.length; i++) plus(total, i % LATENCY_BUCKETS, counts[i] ?? 0);
    return total;
  }

  /** Returns a copy, without the room for more. */
  copy(): EndpointLatency {
    const { row, rows, counts } = this;
    const own = counts.slice(0, rows * LATENCY_BUCKETS);
    return new EndpointLatency(row.length - 1, row.slice(), rows, own);
  }
}
