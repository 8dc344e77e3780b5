/** A model is known by a name such as `latency_forecast` or `prophet/git`. */
export const MODEL_NAME = /^[A-Za-z0-9][\w./-]{0,63}$/;
export const METRIC_NAME = /^[A-Za-z]\w{0,39}$/;
/** No entry has more metrics than this. */
export const MOST_METRICS = 32;

/** What a model's error was, by metric: `mae` is always there. Finite numbers. */
export type ModelMetrics = { mae: number } & Record<string, number>;

/** One report of a model: how well it did. Times in epoch milliseconds. */
export type ModelReport = {
  model: string;
  /** When it was measured or, for one sent in, when it came. */
  time: number;
  version: string | null;
  /** When the model was trained: with name and version, what tells a repeated report from a new one. */
  trainedAt: number | null;
  /** How far ahead it forecasts and what it learned from, in the model's own words. */
  horizon: string | null;
  window: string | null;
  metrics: ModelMetrics;
  /** It was read from a file of past reports, so it is no news. */
  imported?: boolean;
};
export type ModelEntry = ModelReport & { id: number };

/** `learning`: too little came before to compare with. */
type EntryStatus = 'learning' | 'ok' | 'degraded';

/** An entry beside what the model used to do. */
export type JudgedEntry = ModelEntry & {
  /** Median MAE of the entries before it; `null` while learning. */
  baselineMae: number | null;
  /** MAE over the baseline; `null` while learning, or when the baseline is 0. */
  ratio: number | null;
  status: EntryStatus;
};

/** `silent`: it used to report more often than this. That weighs more than how its last report was. */
type ModelStatus = EntryStatus | 'silent';

/** How a model is doing. */
export type ModelState = {
  model: string;
  status: ModelStatus;
  /** Of its last entry, whether it is silent or not. */
  entryStatus: EntryStatus;
  last: JudgedEntry;
  /** Medians of the entries before the last one, by metric; empty while learning. */
  baseline: Record<string, number>;
  /** Degraded when the MAE is more than so many times the baseline. */
  factor: number;
  /** How long it may say nothing, in milliseconds; `null`: as long as it likes, or not known yet. */
  silentAfterMs: number | null;
  entries: number;
};

/** `isNew`: it was not known before. */
export type Recorded = { entry: JudgedEntry; isNew: boolean };

export type HistoryPage = { entries: JudgedEntry[]; nextCursor: string | null };
