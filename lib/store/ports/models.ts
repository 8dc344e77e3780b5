import type { ModelEntry, ModelReport } from '../../domain/model';

export type EntryPage = {
  /** Oldest first. */
  entries: ModelEntry[];
  /** What comes before the first of them, as far as a baseline looks, oldest first. */
  before: ModelEntry[];
  /** For the entries before these; `null` when there are none. */
  nextCursor: string | null;
};

/**
 * Where the reports of models live. Every call throws `StoreUnavailable` when the disk refuses it, and then nothing of it
 * is stored. Times in epoch milliseconds.
 */
export interface ModelStore {
  /**
   * Stores reports, all or none, except those that are known already: by their model, version and training time or, where
   * that is `null`, the time of the report. Returns what was new.
   */
  addReports(reports: readonly ModelReport[]): Promise<ModelEntry[]>;
  /** The entry of that model, version and training time. */
  entryOf(model: string, version: string | null, trainedAt: number): Promise<ModelEntry | null>;
  /** Every model with how many entries it has, by name. */
  models(): Promise<{ model: string; entries: number }[]>;
  /** A model's newest entries, and `before` as many as asked for. Throws `BadCursor`. */
  entries(model: string, limit: number, before: number, cursor: string | null): Promise<EntryPage>;
  /** Forgets entries from before `before` that are in the CSV file; returns whether there were any. */
  pruneReports(before: number): Promise<boolean>;
}
