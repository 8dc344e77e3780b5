import * as z from 'zod';
import { COARSE_LATENCY_ERROR, LATENCY_ERROR, LONGEST_LATENCY } from '../domain/latency';

/** Fields that several schemas of the API have. */

export const time = z.iso.datetime().describe('ISO 8601, UTC');
export const nullableTime = time.nullable();
export const count = z.number().int().nonnegative();
export const milliseconds = z
  .number()
  .nonnegative()
  .nullable()
  .describe('milliseconds; null: not known');

/** How far every p50 and p95 of an answer may be from the true one. */
export const responseTimeError = z
  .number()
  .describe(
    `how far p50_ms and p95_ms, also of endpoints, may be from the true ones, as a share of these: ${LATENCY_ERROR}, or ${COARSE_LATENCY_ERROR} where some were counted by an earlier version and their lines are no longer kept; ${LONGEST_LATENCY} ms is that long or longer`,
  );
