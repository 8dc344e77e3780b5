import type { ModelEntry, ModelReport } from '../../domain/model';

export type EntryPage = {
  /** Oldest first. */
  entries: ModelEntry[];
  /** The entries before the first of them that a baseline needs, oldest first. */
  before: ModelEntry[];
  /** For the entries before these; `null` when there are none. */
  nextCursor: string | null;
};

/**
 * Stores the reports of models. Every call throws `StoreUnavailable` when the disk refuses it, and then nothing of it
 * is stored. Times in epoch milliseconds.
 */
export interface ModelStore {
  /**
   * Stores reports, all or none, except those that are known already: by their model, version and training time or,
   * where that is `null`, the time of the report. Returns the new ones.
   */
  addReports(reports: readonly ModelReport[]): Promise<ModelEntry[]>;
  /** Returns the entry of that model, version and training time. */
  entryOf(model: string, version: string | null, trainedAt: number): Promise<ModelEntry | null>;
  /** Returns every model with the number of its entries, by name. */
  models(): Promise<{ model: string; entries: number }[]>;
  /** Returns a model's newest entries, and `before` as many as requested. Throws `BadCursor`. */
  entries(model: string, limit: number, before: number, cursor: string | null): Promise<EntryPage>;
  /** Deletes entries from before `before` that are in the CSV file; returns whether there were any. */
  pruneReports(before: number): Promise<boolean>;
}
