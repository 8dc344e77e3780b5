/** A model's name, such as `latency_forecast` or `prophet/git`. */
export const MODEL_NAME = /^[A-Za-z0-9][\w./-]{0,63}$/;
export const METRIC_NAME = /^[A-Za-z]\w{0,39}$/;
/** No entry has more metrics than this. */
export const MOST_METRICS = 32;

/** A model's errors, by metric: `mae` is always present. Finite numbers. */
export type ModelMetrics = { mae: number } & Record<string, number>;

/** One report on how well a model did. Times in epoch milliseconds. */
export type ModelReport = {
  model: string;
  /** When it was measured or, for a report that was sent in, received. */
  time: number;
  version: string | null;
  /** When the model was trained: with name and version, it tells a repeated report from a new one. */
  trainedAt: number | null;
  /** How far ahead it forecasts and what it learned from, in the model's own words. */
  horizon: string | null;
  window: string | null;
  metrics: ModelMetrics;
  /** It was read from a file of past reports, so it is not news. */
  imported?: boolean;
};
export type ModelEntry = ModelReport & { id: number };

/** `learning`: too few earlier entries to compare with. */
type EntryStatus = 'learning' | 'ok' | 'degraded';

/** An entry compared with the model's earlier ones. */
export type JudgedEntry = ModelEntry & {
  /** Median MAE of the entries before it; `null` while learning. */
  baselineMae: number | null;
  /** MAE over the baseline; `null` while learning, or when the baseline is 0. */
  ratio: number | null;
  status: EntryStatus;
};

/** `silent`: it used to report more often than this. That takes precedence over its last report. */
type ModelStatus = EntryStatus | 'silent';

/** How a model is doing. */
export type ModelState = {
  model: string;
  status: ModelStatus;
  /** Of its last entry, whether the model is silent or not. */
  entryStatus: EntryStatus;
  last: JudgedEntry;
  /** Medians of the entries before the last one, by metric; empty while learning. */
  baseline: Record<string, number>;
  /** Degraded when the MAE exceeds the baseline times this factor. */
  factor: number;
  /** How long it may go without reporting, in milliseconds; `null`: without limit, or not known yet. */
  silentAfterMs: number | null;
  entries: number;
};

/** `isNew`: it was not known before. */
export type Recorded = { entry: JudgedEntry; isNew: boolean };

export type HistoryPage = { entries: JudgedEntry[]; nextCursor: string | null };
