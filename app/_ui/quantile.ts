import { formatLatency } from '../../lib/domain/format';
import { LATENCY_ERROR, LONGEST_LATENCY } from '../../lib/domain/latency';
import { t } from '../../lib/i18n/t';

/** Returns whether a p50 or p95 gets a ≈. `error`: how far it may be from the true one, as a share of it. */
export const isApproximate = (ms: number | null, error: number) =>
  ms !== null && error > LATENCY_ERROR;

/** Returns why a p50 or p95 has a ≈ before it. */
export const approximateMeaning = (error: number) =>
  t('ui.approximate', { percent: Math.round(error * 100) });

/** Adds to the meaning of p50 or p95 why some of them have a ≈. */
export const quantileMeaning = (meaning: string, error: number) =>
  error > LATENCY_ERROR ? `${meaning} ≈ ${approximateMeaning(error)}` : meaning;

/** Formats a p50 or p95 without ≈: `120 ms`, or `≥ 5.73 min` where it may be longer. */
export const formatExact = (ms: number | null) =>
  `${ms !== null && ms >= LONGEST_LATENCY ? '≥\u00a0' : ''}${formatLatency(ms)}`;

/** Formats a p50 or p95: `120 ms`, or `≈ 120 ms` where it is less exact. */
export const formatQuantile = (ms: number | null, error: number) =>
  `${isApproximate(ms, error) ? '≈\u00a0' : ''}${formatExact(ms)}`;
