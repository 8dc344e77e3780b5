import { type Columns, packedSize, unpackColumns } from './columns';

/**
 * A roll-up: the hits of one period counted by visitor, endpoint, status and bot or not. Any question of the dashboard,
 * whatever its filter, is answered by adding up rows. What only some questions need, sizes and response times, is in a
 * blob of its own, so that the others need not read it.
 */
export const ROW_SCHEMA = {
  visitor: 'u32',
  hits: 'u32',
  endpoint: 'u16',
  /** 0: the log had none. */
  status: 'u16',
  bot: 'u8',
} as const;
/** Row for row beside the counts. */
export const DETAIL_SCHEMA = {
  bytes: 'f64',
  /** How many rows of the latency table are this row's; they are there in the same order. */
  latencies: 'u8',
} as const;
export const LATENCY_SCHEMA = { hits: 'u32', bucket: 'u8' } as const;

/** The counts of a roll-up as read back: columns, with `n` rows. */
export type RollUpRows = { n: number; columns: Columns<typeof ROW_SCHEMA> };
/** What else is known of the same rows, and the latency rows of all of them one after another. */
export type RollUpDetails = {
  details: Columns<typeof DETAIL_SCHEMA>;
  latency: Columns<typeof LATENCY_SCHEMA>;
};
/** A whole roll-up. */
export type RollUp = RollUpRows & RollUpDetails;
/** The two blobs of a roll-up. */
export type PackedRollUp = { rows: Uint8Array; details: Uint8Array };

/** Both blobs begin with two 32-bit numbers: how many rows there are, and how many latency rows. */
export const HEADER_BYTES = 8;

/** Reads the counts of a packed roll-up. Throws `RangeError` when the blob is damaged. */
export function unpackRows(blob: Uint8Array): RollUpRows {
  const [n] = headerOf(blob);
  return { n, columns: unpackColumns(ROW_SCHEMA, blob, HEADER_BYTES, n) };
}

/** Reads the details of a packed roll-up. Throws `RangeError` when the blob is damaged. */
export function unpackDetails(blob: Uint8Array): RollUpDetails {
  const [n, latencies] = headerOf(blob);
  const latencyAt = HEADER_BYTES + paddedSize(packedSize(DETAIL_SCHEMA, n));
  return {
    details: unpackColumns(DETAIL_SCHEMA, blob, HEADER_BYTES, n),
    latency: unpackColumns(LATENCY_SCHEMA, blob, latencyAt, latencies),
  };
}

/** Reads a packed roll-up. Throws `RangeError` when a blob is damaged. */
export function unpackRollUp(packed: PackedRollUp): RollUp {
  return { ...unpackRows(packed.rows), ...unpackDetails(packed.details) };
}

/** The next multiple of 8: the latency columns behind the details are aligned. */
export const paddedSize = (size: number) => Math.ceil(size / 8) * 8;

function headerOf(blob: Uint8Array): [rows: number, latencies: number] {
  if (blob.byteLength < HEADER_BYTES) throw new RangeError('a roll-up of less than 8 bytes');
  const header = new DataView(blob.buffer, blob.byteOffset, HEADER_BYTES);
  return [header.getUint32(0, true), header.getUint32(4, true)];
}
