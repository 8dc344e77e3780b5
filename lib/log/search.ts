import { listLogFiles } from './log-files';
import { LineMatcher, type LogEntry, type LogFilePosition, type LogFilter } from './match';
import { forwards } from './read-lines';
import { type Between, type SearchLimits, Walk } from './walk';

export type LogQuery = LogFilter & Between & { limit: number };

export type LogAnswer = {
  /** Newest first. */
  entries: LogEntry[];
  /** Where to continue; null: there are no older lines. */
  next: LogFilePosition | null;
  scannedBytes: number;
  /** Whether everything was searched; false: the search was cut short. */
  complete: boolean;
};

const LIMITS: SearchLimits = { bytes: 2 * 1024 ** 3, ms: 3_000 };

/** Searches the log files of a folder from the newest line backwards, and stops as soon as it has enough. */
export async function searchLogs(
  folder: string,
  query: LogQuery,
  limits: SearchLimits = LIMITS,
): Promise<LogAnswer> {
  const { limit } = query;
  const walk = new Walk(query, limits);
  const found: LogEntry[] = [];
  const hasEnough = () => found.length > limit;
  await walk.files(
    folder,
    async (file) => {
      const room = limit + 1 - found.length;
      let last: LogEntry[] = [];
      for await (const entries of walk.lines(file)) {
        if (file.packed) {
          last.push(...entries);
          if (last.length > 2 * room) last = last.slice(-room);
        } else {
          found.push(...entries);
          if (hasEnough()) break;
        }
      }
      found.push(...last.slice(-room).reverse());
    },
    hasEnough,
  );
  const entries = found.slice(0, limit);
  const next = hasEnough() ? (entries.at(-1)?.position ?? null) : walk.stoppedAt;
  return { entries, next, scannedBytes: walk.scannedBytes, complete: walk.complete };
}

/** Reads every line that a filter means, oldest first, in pieces, however many there are. */
export async function* allLines(folder: string, filter: LogFilter): AsyncGenerator<LogEntry[]> {
  const matcher = new LineMatcher(filter);
  const files = listLogFiles(folder).reverse();
  for (const [index, file] of files.entries()) {
    const next = files[index + 1]?.startedAt ?? Number.POSITIVE_INFINITY;
    if (next <= filter.from || file.startedAt >= filter.to) continue;
    const all = { after: -1, before: Number.POSITIVE_INFINITY };
    for await (const { entries } of forwards(file, matcher, all)) {
      if (entries.length > 0) yield entries;
    }
  }
}
