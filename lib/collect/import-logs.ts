import type { IngestStore } from '../store/ports/ingest';
import type { StateStore } from '../store/ports/state';
import { Ingest } from './ingest';

/** How far an import is. */
export type ImportProgress = {
  files: number;
  /** On disk, of all files. */
  totalBytes: number;
  readBytes: number;
  /** Read by this run: accesses, rejected lines, and others such as an error log's. */
  lines: number;
  hits: number;
  rejected: number;
};

/** What an import came to. */
export type ImportResult = ImportProgress & {
  /** Files with nothing new: they are empty, or what they hold was read before. */
  nothingNew: string[];
  /** Files that could not be read, or not to their end, and why. */
  problems: { path: string; message: string }[];
  /** Stopped by the signal: the next run continues there. */
  stopped: boolean;
};

/**
 * Stores the accesses of old logs: the files that `files` (paths and globs) name, and no others. Each commit holds how
 * far they have been read, so an import that was killed continues where it stopped, and content that was read before,
 * under whatever name, is not counted again. The service may be running. Throws `StoreUnavailable`.
 */
export async function importLogs(
  store: { ingest: IngestStore; state: StateStore },
  files: readonly string[],
  format: string | undefined,
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal,
): Promise<ImportResult> {
  const options = { pattern: '', files, format, backfill: true };
  const ingest: Ingest = new Ingest(store, options, () => onProgress(progressOf(ingest)));
  await ingest.run(signal);
  const read = ingest.state.files.filter(({ error }) => error === null);
  return {
    ...progressOf(ingest),
    nothingNew: read.map(({ path }) => path).filter((path) => !ingest.counts.byPath.has(path)),
    problems: ingest.state.files.flatMap(({ path, error }) =>
      error === null ? [] : [{ path, message: error }],
    ),
    stopped: signal.aborted,
  };
}

function progressOf({ state, counts }: Ingest): ImportProgress {
  return {
    files: state.files.length,
    totalBytes: sum(state.files.map(({ sizeBytes }) => sizeBytes)),
    readBytes: sum(state.files.map(({ readBytes }) => readBytes)),
    lines: counts.lines,
    hits: state.hits,
    rejected: counts.rejected,
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
