import * as z from 'zod';
import { METRIC_NAME, MODEL_NAME, MOST_METRICS } from '../domain/model';
import { t } from '../i18n/t';
import { cursorParameter, instantParameter, wholeParameter } from './query';

const name = z
  .string({ error: () => t('faults.given') })
  .regex(MODEL_NAME, { error: () => t('faults.modelName') });
/** Text that ends up in spreadsheets, so it must not look like a formula. */
const text = z
  .string()
  .regex(/^[^\s=+\-@\p{Cc}][^\p{Cc}]{0,99}$/u, { error: () => t('faults.noFormula') })
  .nullable()
  .default(null);
const number = z.number({ error: () => t('faults.number') });
const error = number.min(0, { error: () => t('faults.notNegative') });

export const reportBody = z.strictObject({
  model_name: name,
  metrics: z
    .object(
      {
        mae: error,
        rmse: error.optional(),
        r2: number.max(1, { error: () => t('faults.atMost', { most: 1 }) }).optional(),
      },
      { error: () => t('faults.metrics') },
    )
    .catchall(number)
    .refine((metrics) => Object.keys(metrics).every((key) => METRIC_NAME.test(key)), {
      error: () => t('faults.metricNames'),
    })
    .refine((metrics) => Object.keys(metrics).length <= MOST_METRICS, {
      error: () => t('faults.atMost', { most: MOST_METRICS }),
    })
    .describe('in the unit of what is forecast; the MAE is what is watched'),
  version: text.describe('changes of it are marked on the chart'),
  trained_at: instantParameter
    .nullable()
    .default(null)
    .describe('with it, sending the same report twice stores it once'),
  horizon: text.describe('how far ahead it forecasts, such as `1 day`'),
  window: text.describe('what it learned from, such as `30 days`'),
});

export const historyQuery = z.strictObject({
  model_name: name.describe('one of `GET /models`'),
  limit: wholeParameter(1, 1_000).default(100).describe('the most entries in one answer'),
  cursor: cursorParameter(40).describe('`next_cursor` of the page before'),
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
