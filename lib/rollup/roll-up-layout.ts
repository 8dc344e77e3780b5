import { type Columns, packedSize } from './columns';

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
export const ROW_BYTES = packedSize(ROW_SCHEMA, 1);
/** Row for row beside the counts. */
export const DETAIL_SCHEMA = {
  bytes: 'f64',
  /** How many rows of the latency table are this row's; they are there in the same order. */
  latencies: 'u16',
} as const;
export const LATENCY_SCHEMA = { hits: 'u16', bucket: 'u8' } as const;
/** The most hits of a latency row; more take several. */
export const MOST_HITS = 0xffff;

/** The counts of a roll-up as read back: columns, with `n` rows. */
export type RollUpRows = { n: number; columns: Columns<typeof ROW_SCHEMA> };
/** What else is known of the same rows, and the latency rows of all of them one after another. */
export type RollUpDetails = {
  details: Columns<typeof DETAIL_SCHEMA>;
  latency: Columns<typeof LATENCY_SCHEMA>;
  /** Whether response times are in it that were counted in the coarser buckets of earlier versions. */
  coarse: boolean;
};
/** A whole roll-up. */
export type RollUp = RollUpRows & RollUpDetails;
/** The two blobs of a roll-up. */
export type PackedRollUp = { rows: Uint8Array; details: Uint8Array };

/**
 * Both blobs begin with two 32-bit numbers: how many rows there are, and how many latency rows. The highest bits of the
 * second say how these were counted: 0, by an earlier version (`coarse-details.ts`); FINE; or COARSE, as now, but some
 * of them by an earlier version.
 */
export const HEADER_BYTES = 8;
export const VERSION_SHIFT = 28;
export const LATENCIES_MASK = 2 ** VERSION_SHIFT - 1;
const FINE = 1;
export const COARSE = 2;

/** Returns the second number of the details' header. */
export const latencyHeader = (latencies: number, coarse: boolean) =>
  latencies + (coarse ? COARSE : FINE) * 2 ** VERSION_SHIFT;

/** The next multiple of 8: the latency columns behind the details are aligned. */
export const paddedSize = (size: number) => Math.ceil(size / 8) * 8;
