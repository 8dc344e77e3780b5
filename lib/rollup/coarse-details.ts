import { latencyBucket } from '../domain/latency';
import { emptyColumns, packedSize, unpackColumns } from './columns';
import {
  DETAIL_SCHEMA,
  LATENCY_SCHEMA,
  MOST_HITS,
  paddedSize,
  type RollUpDetails,
} from './roll-up-layout';

const COARSE_DETAIL_SCHEMA = { bytes: 'f64', latencies: 'u8' } as const;
const COARSE_LATENCY_SCHEMA = { hits: 'u32', bucket: 'u8' } as const;
const COARSE_BUCKETS = 80;

/**
 * By coarse bucket, that which holds its middle. Bucket 0 held [0, 1) ms, bucket i [2^((i-1)/4), 2^(i/4)) ms, the last
 * everything above.
 */
const finer = Uint8Array.from({ length: COARSE_BUCKETS }, (_, i) =>
  i === 0 ? 0 : latencyBucket(2 ** ((i - (i < COARSE_BUCKETS - 1 ? 0.5 : 1)) / 4)),
);

/** Reads the details of a roll-up as earlier versions packed them, behind a header of `offset` bytes. */
export function unpackCoarseDetails(
  blob: Uint8Array,
  offset: number,
  rows: number,
  latencies: number,
): RollUpDetails {
  const latencyAt = offset + paddedSize(packedSize(COARSE_DETAIL_SCHEMA, rows));
  const read = unpackColumns(COARSE_DETAIL_SCHEMA, blob, offset, rows);
  const { hits, bucket } = unpackColumns(COARSE_LATENCY_SCHEMA, blob, latencyAt, latencies);
  const details = emptyColumns(DETAIL_SCHEMA, rows);
  details.bytes.set(read.bytes);
  const n = hits.reduce((sum, one) => sum + Math.ceil(one / MOST_HITS), 0);
  const latency = emptyColumns(LATENCY_SCHEMA, n);
  let from = 0;
  let to = 0;
  for (let row = 0; row < rows; row++) {
    const first = to;
    const end = from + (read.latencies[row] ?? 0);
    for (; from < end; from++) {
      for (let left = hits[from] ?? 0; left > 0; left -= MOST_HITS) {
        latency.bucket[to] = finer[bucket[from] ?? 0] ?? 0;
        latency.hits[to] = Math.min(left, MOST_HITS);
        to++;
      }
    }
    details.latencies[row] = to - first;
  }
  return { details, latency, coarse: true };
}
