import type { ModelEntry } from '../../domain/model';

/** The CSV file as it was left by the last write: a file that differs was changed by another process. */
export type CsvFileState = { bytes: number; modifiedMs: number };

/** Which entries of the `ModelStore` are in the CSV file. Every write is a transaction. */
export interface ModelCsvStore {
  /** Entries not yet in the file, oldest first, at most `limit`. */
  notInCsv(limit: number): Promise<ModelEntry[]>;
  /** Entries with an id above `after`, by id, at most `limit`: for writing the file anew. */
  entriesAfter(after: number, limit: number): Promise<ModelEntry[]>;
  csvFileState(): Promise<CsvFileState | null>;
  /** Notes that entries are in the file, and the state of the file: both or neither. */
  noteInCsv(ids: readonly number[], state: CsvFileState): Promise<void>;
}
