import * as z from 'zod';
import type { ModelEntry } from '../../domain/model';
import { numberOrNull, textOrNull } from './values';

const metricsSchema = z.object({ mae: z.number() }).catchall(z.number());

/** Parses a row of `model_entries`. What a report left out is stored as NULL or ''. */
export function toEntry(row: Record<string, unknown>): ModelEntry {
  return {
    id: Number(row.id),
    model: String(row.model),
    time: Number(row.time),
    version: textOrNull(row.version) || null,
    trainedAt: numberOrNull(row.trained_at),
    horizon: textOrNull(row.horizon) || null,
    window: textOrNull(row.window) || null,
    metrics: metricsSchema.parse(JSON.parse(String(row.metrics))),
    ...(row.imported === 1 ? { imported: true } : {}),
  };
}
