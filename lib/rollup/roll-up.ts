import { unpackCoarseDetails } from './coarse-details';
import { packedSize, unpackColumns } from './columns';
import {
  COARSE,
  DETAIL_SCHEMA,
  HEADER_BYTES,
  LATENCIES_MASK,
  LATENCY_SCHEMA,
  type PackedRollUp,
  paddedSize,
  ROW_SCHEMA,
  type RollUp,
  type RollUpDetails,
  type RollUpRows,
  VERSION_SHIFT,
} from './roll-up-layout';

export type { PackedRollUp, RollUp, RollUpRows } from './roll-up-layout';

/** Reads the counts of a packed roll-up. Throws `RangeError` when the blob is damaged. */
export function unpackRows(blob: Uint8Array): RollUpRows {
  const [n] = headerOf(blob);
  return { n, columns: unpackColumns(ROW_SCHEMA, blob, HEADER_BYTES, n) };
}

/** Reads the details of a packed roll-up. Throws `RangeError` when the blob is damaged. */
export function unpackDetails(blob: Uint8Array): RollUpDetails {
  const [n, second] = headerOf(blob);
  const latencies = second & LATENCIES_MASK;
  const version = second >>> VERSION_SHIFT;
  if (version === 0) return unpackCoarseDetails(blob, HEADER_BYTES, n, latencies);
  if (version > COARSE) throw new RangeError(`a roll-up of an unknown version (${version})`);
  const latencyAt = HEADER_BYTES + paddedSize(packedSize(DETAIL_SCHEMA, n));
  return {
    coarse: version === COARSE,
    details: unpackColumns(DETAIL_SCHEMA, blob, HEADER_BYTES, n),
    latency: unpackColumns(LATENCY_SCHEMA, blob, latencyAt, latencies),
  };
}

/** Reads a packed roll-up. Throws `RangeError` when a blob is damaged. */
export function unpackRollUp(packed: PackedRollUp): RollUp {
  return { ...unpackRows(packed.rows), ...unpackDetails(packed.details) };
}

/** Returns how many hits a packed roll-up has counted. */
export function hitsIn({ rows }: Pick<PackedRollUp, 'rows'>): number {
  const { n, columns } = unpackRows(rows);
  return columns.hits.subarray(0, n).reduce((sum, hits) => sum + hits, 0);
}

function headerOf(blob: Uint8Array): [rows: number, latencies: number] {
  if (blob.byteLength < HEADER_BYTES) throw new RangeError('a roll-up of less than 8 bytes');
  const header = new DataView(blob.buffer, blob.byteOffset, HEADER_BYTES);
  return [header.getUint32(0, true), header.getUint32(4, true)];
}
