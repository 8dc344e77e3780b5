import type { ModelEntry, ModelReport } from '../../domain/model';

export type EntryPage = {
  /** Oldest first. */
  entries: ModelEntry[];
  /** What comes before the first of them, as far as a baseline looks, oldest first. */
  before: ModelEntry[];
  /** For the entries before these; `null` when there are none. */
  nextCursor: string | null;
};

/** How far the CSV file is known to be ours: what was written into it, and how it stood then. */
export type CsvMark = { bytes: number; modifiedMs: number };

/**
 * Where the reports of models live. Adapter: `lib/store/sqlite/models.ts`. Every call throws `StoreUnavailable` when the
 * disk will not have it, and then nothing of it is stored. Times in epoch milliseconds.
 */
export interface ModelStore {
  /**
   * Stores reports, all or none, but those that are known already: by their model, version and training time or, where
   * that is `null`, the time of the report. Gives what was new.
   */
  addReports(reports: readonly ModelReport[]): Promise<ModelEntry[]>;
  /** The entry of that model, version and training time. */
  entryOf(model: string, version: string | null, trainedAt: number): Promise<ModelEntry | null>;
  /** Every model with how many entries it has, by name. */
  models(): Promise<{ model: string; entries: number }[]>;
  /** A model's newest entries, and `before` as many as asked for. Throws `BadCursor`. */
  entries(model: string, limit: number, before: number, cursor: string | null): Promise<EntryPage>;
  /** Entries not yet in the CSV file, oldest first, at most so many. */
  notInCsv(limit: number): Promise<ModelEntry[]>;
  /** Entries with an id above `after`, by id, at most so many: for writing the file anew. */
  entriesAfter(after: number, limit: number): Promise<ModelEntry[]>;
  csvMark(): Promise<CsvMark | null>;
  /** Notes that entries are in the file, and how the file is now: both or neither. */
  markInCsv(ids: readonly number[], mark: CsvMark): Promise<void>;
  /** Forgets entries from before `before` that are in the file; whether there were any. */
  pruneReports(before: number): Promise<boolean>;
}
