import { z } from 'zod';
import { COARSE_LATENCY_ERROR, LATENCY_ERROR, LONGEST_LATENCY } from '../domain/latency';

/** How far every p50 and p95 of an answer may be from the true one. */
export const responseTimeError = z
  .number()
  .describe(
    `how far p50_ms and p95_ms, also of endpoints, may be from the true ones, as a share of these: ${LATENCY_ERROR}, or ${COARSE_LATENCY_ERROR} where some were counted by an earlier version and their lines are no longer kept; ${LONGEST_LATENCY} ms is that long or longer`,
  );
