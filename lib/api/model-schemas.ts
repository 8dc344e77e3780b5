import { z } from 'zod';
import { METRIC_NAME, MODEL_NAME, MOST_METRICS } from '../domain/model';
import { wholeParameter } from './query';

const name = z
  .string({ error: 'must be given' })
  .regex(
    MODEL_NAME,
    'must be 1 to 64 letters, digits, or . _ / -, beginning with a letter or digit',
  );
/** Text that ends up in spreadsheets, so it must not look like a formula. */
const text = z
  .string()
  .regex(
    /^[^\s=+\-@\p{Cc}][^\p{Cc}]{0,99}$/u,
    'must be 1 to 100 characters on one line, not beginning with a space or = + - @',
  )
  .nullable()
  .default(null);
const instant = z.iso
  .datetime({
    offset: true,
    error: 'must be an ISO 8601 time with zone, such as 2026-11-24T08:00:00Z',
  })
  .transform((iso) => Date.parse(iso));
const error = z.number({ error: 'must be a number' }).min(0, 'must not be negative');

export const reportBody = z.strictObject({
  model_name: name,
  metrics: z
    .object(
      { mae: error, rmse: error.optional(), r2: z.number().max(1, 'must be at most 1').optional() },
      { error: 'must be an object of numbers with at least mae' },
    )
    .catchall(z.number({ error: 'must be a number' }))
    .refine(
      (metrics) => Object.keys(metrics).every((key) => METRIC_NAME.test(key)),
      'must have names of letters, digits and _, at most 40, beginning with a letter',
    )
    .refine(
      (metrics) => Object.keys(metrics).length <= MOST_METRICS,
      `must be at most ${MOST_METRICS}`,
    )
    .describe('in the unit of what is forecast; the MAE is what is watched'),
  version: text.describe('changes of it are marked on the chart'),
  trained_at: instant
    .nullable()
    .default(null)
    .describe('with it, sending the same report twice stores it once'),
  horizon: text.describe('how far ahead it forecasts, such as `1 day`'),
  window: text.describe('what it learned from, such as `30 days`'),
});

export const historyQuery = z.strictObject({
  model_name: name.describe('one of `GET /models`'),
  limit: wholeParameter(1, 1_000).default(100).describe('the most entries in one answer'),
  cursor: z
    .string()
    .max(40, 'is not a cursor of this list')
    .optional()
    .describe('`next_cursor` of the page before'),
});

const time = z.iso.datetime();
const entryStatus = z.enum(['learning', 'ok', 'degraded']);
const status = z.enum(['learning', 'ok', 'degraded', 'silent']);
const metrics = z.record(z.string(), z.number());
const baseline = z
  .object({
    mae: z.number().nullable(),
    rmse: z.number().nullable(),
    r2: z.number().nullable(),
  })
  .catchall(z.number().nullable())
  .describe('medians of the entries before the last one; null while there are fewer than five');

const modelEntrySchema = z.object({
  timestamp: time,
  version: z.string().nullable(),
  trained_at: time.nullable(),
  horizon: z.string().nullable(),
  window: z.string().nullable(),
  metrics,
  baseline_mae: z.number().nullable().describe('median MAE of the entries before it'),
  ratio: z.number().nullable().describe('MAE over the baseline'),
  status: entryStatus,
});
const modelSchema = z.object({
  model_name: z.string(),
  status: status.describe('silent: it has not reported for `silent_after_hours`'),
  baseline,
  factor: z.number().describe('degraded when the MAE is more than this many times the baseline'),
  silent_after_hours: z.number().nullable(),
  entries: z.number().int().nonnegative(),
  last: modelEntrySchema,
});
export const modelsSchema = z.object({
  models: z.array(modelSchema).describe('worst first, then by name'),
  csv: z
    .object({
      path: z.string(),
      notice: z.string().nullable().describe('what was found changed in the file'),
    })
    .describe('every report as a file, for pandas and spreadsheets'),
});
export const metricsHistorySchema = z.object({
  model_name: z.string(),
  status,
  baseline,
  factor: z.number(),
  entries: z.array(modelEntrySchema).describe('newest last'),
  next_cursor: z.string().nullable().describe('for the entries before these'),
});
export const recordedSchema = z.object({
  model_name: z.string(),
  stored: z.boolean().describe('false: this training had been reported before'),
  entry: modelEntrySchema,
});

export type ModelEntryResponse = z.infer<typeof modelEntrySchema>;
export type ModelResponse = z.infer<typeof modelSchema>;
export type ModelsResponse = z.infer<typeof modelsSchema>;
export type MetricsHistoryResponse = z.infer<typeof metricsHistorySchema>;
export type RecordedResponse = z.infer<typeof recordedSchema>;
