import type { ModelEntry } from '../../domain/model';

/** The CSV file's state after the last write: if it differs, another process has changed it. */
export type CsvFileState = { bytes: number; modifiedMs: number };

/** Records which entries of the `ModelStore` are in the CSV file. Every write is a transaction. */
export interface ModelCsvStore {
  /** Returns entries not yet in the file, oldest first, at most `limit`. */
  notInCsv(limit: number): Promise<ModelEntry[]>;
  /** Returns entries with an id above `after`, by id, at most `limit`: for rewriting the file. */
  entriesAfter(after: number, limit: number): Promise<ModelEntry[]>;
  csvFileState(): Promise<CsvFileState | null>;
  /** Records that entries are in the file, and the state of the file: both or neither. */
  noteInCsv(ids: readonly number[], state: CsvFileState): Promise<void>;
}
