import type * as z from 'zod';
import { NotFound } from '../domain/errors';
import type { JudgedEntry, ModelState } from '../domain/model';
import { nearestNames } from '../domain/nearest-names';
import { say, spoken } from '../domain/said';
import { logger } from '../log/log';
import type { CollectorServices, Services } from '../services';
import { csvRow } from '../util/csv';
import { HOUR } from '../util/time';
import type {
  historyQuery,
  MetricsHistoryResponse,
  ModelEntryResponse,
  ModelResponse,
  ModelsResponse,
  RecordedResponse,
  reportBody,
} from './model-schemas';
import { isoTime, isoTimeOrNull } from './wire';

const log = logger('models');

const BADNESS = { degraded: 3, silent: 2, ok: 1, learning: 0 } as const;

/** Returns every model and how it is doing; those that need attention come first. */
export async function models({ models: tracker }: Services): Promise<ModelsResponse> {
  const { file, notices } = tracker.csv();
  const states = tracker.states().sort((a, b) => BADNESS[b.status] - BADNESS[a.status]);
  return {
    models: states.map(modelResponse),
    csv: { path: file, notice: notices.map(spoken).join('; ') || null },
  };
}

/** Returns a model's entries. Throws `NotFound` with similar names. */
export async function metricsHistory(
  { models: tracker, own }: CollectorServices,
  { model_name, limit, cursor }: z.output<typeof historyQuery>,
): Promise<MetricsHistoryResponse> {
  const states = tracker.states();
  const state = states.find(({ model }) => model === model_name);
  if (!state) {
    const near = nearestNames(
      model_name,
      states.map(({ model }) => model),
      3,
    );
    throw new NotFound(
      near.length === 0
        ? say('problems.noModel', { name: model_name })
        : say('problems.noModelBut', { name: model_name, near: near.join(', ') }),
    );
  }
  const { entries, nextCursor } = await own.models.history(model_name, limit, cursor ?? null);
  return {
    model_name,
    status: state.status,
    baseline: baselineResponse(state),
    factor: state.factor,
    entries: entries.map(entryResponse),
    next_cursor: nextCursor,
  };
}

/** Formats a model's entries as RFC 4180 text, with a column per metric. */
export function metricsHistoryCsv(history: MetricsHistoryResponse): string {
  return metricsHistoryRows(history, metricNames(history.entries)).join('');
}

/** Returns the names of the metrics that entries have, the usual ones first. */
export function metricNames(entries: readonly ModelEntryResponse[]): string[] {
  const others = entries.flatMap(({ metrics }) => Object.keys(metrics));
  return [...new Set(['mae', 'rmse', 'r2', ...others])];
}

/** Formats a model's entries as rows of CSV, after a head, with a column for each of these metrics. */
export function metricsHistoryRows(
  { model_name, entries }: MetricsHistoryResponse,
  names: readonly string[],
): string[] {
  const head = ['timestamp', 'model_name', 'version', 'trained_at', 'horizon', 'window'];
  return [
    [...head, ...names, 'baseline_mae', 'ratio', 'status'],
    ...entries.map((entry) => [
      entry.timestamp,
      model_name,
      entry.version,
      entry.trained_at,
      entry.horizon,
      entry.window,
      ...names.map((name) => entry.metrics[name] ?? null),
      entry.baseline_mae,
      entry.ratio,
      entry.status,
    ]),
  ].map(csvRow);
}

/** Stores a model's report. Throws `ReportRefused` when it contradicts a stored one. */
export async function report(
  { own }: CollectorServices,
  body: z.output<typeof reportBody>,
  by: string,
): Promise<RecordedResponse> {
  const { mae, ...others } = body.metrics;
  const { entry, isNew } = await own.models.record({
    model: body.model_name,
    time: Date.now(),
    version: body.version,
    trainedAt: body.trained_at,
    horizon: body.horizon,
    window: body.window,
    metrics: { mae, ...withoutGaps(others) },
  });
  log.info(`${by} reported ${entry.model}: ${entry.status}`, { metrics: body.metrics });
  return { model_name: entry.model, stored: isNew, entry: entryResponse(entry) };
}

function withoutGaps(metrics: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

function modelResponse(state: ModelState): ModelResponse {
  const { silentAfterMs } = state;
  return {
    model_name: state.model,
    status: state.status,
    baseline: baselineResponse(state),
    factor: state.factor,
    silent_after_hours: silentAfterMs === null ? null : silentAfterMs / HOUR,
    entries: state.entries,
    last: entryResponse(state.last),
  };
}

const baselineResponse = ({ baseline }: ModelState) => ({
  ...baseline,
  mae: baseline.mae ?? null,
  rmse: baseline.rmse ?? null,
  r2: baseline.r2 ?? null,
});

function entryResponse(entry: JudgedEntry): ModelEntryResponse {
  return {
    timestamp: isoTime(entry.time),
    version: entry.version,
    trained_at: isoTimeOrNull(entry.trainedAt),
    horizon: entry.horizon,
    window: entry.window,
    metrics: entry.metrics,
    baseline_mae: entry.baselineMae,
    ratio: entry.ratio,
    status: entry.status,
  };
}
