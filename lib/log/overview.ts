import { LOG_LEVELS, type LogLevel } from '../domain/log-level';
import type { LogEntry, LogFilter } from './match';
import { patternOf } from './pattern';
import { type SearchLimits, Walk } from './walk';

/** Lines that say the same: how often, and how bad the worst is. */
type LogPattern = {
  pattern: string;
  /** `null`: not lines of this service. */
  level: LogLevel | null;
  count: number;
  /** Epoch milliseconds; `null`: not known. */
  first: number | null;
  last: number | null;
};

export type LogOverview = {
  /** By bucket and level. */
  counts: Record<LogLevel, number>[];
  /** Lines whose time is not known, which no bucket counts. */
  undated: number;
  total: number;
  /** The most frequent first, each with the count of its lines. */
  patterns: LogPattern[];
  /** Lines of patterns that are not among these. */
  others: number;
  scannedBytes: number;
  /** Whether everything was searched; false: older lines are not counted. */
  complete: boolean;
  /** The oldest line that was counted; epoch milliseconds. */
  oldest: number | null;
};

const LIMITS: SearchLimits = { bytes: 1024 ** 3, ms: 1_500 };
/** How many different patterns are told apart, to limit memory. */
const MOST_PATTERNS = 2_000;
const PATTERNS_LISTED = 50;

/**
 * Counts the lines that a filter means, newest first as far as the limits go, by level in buckets that begin at `starts`
 * (epoch milliseconds, ascending), and by pattern.
 */
export async function overviewOfLogs(
  folder: string,
  filter: LogFilter,
  starts: readonly number[],
  limits: SearchLimits = LIMITS,
): Promise<LogOverview> {
  const walk = new Walk(filter, limits);
  const count = new Counts(starts);
  await walk.files(
    folder,
    async (file) => {
      for await (const entries of walk.lines(file)) {
        for (const entry of entries) count.add(entry);
      }
    },
    () => false,
  );
  const { total, undated, oldest, unlisted } = count;
  const sorted = [...count.patterns.values()].sort((a, b) => b.count - a.count);
  const patterns = sorted.slice(0, PATTERNS_LISTED);
  const others = sorted.slice(PATTERNS_LISTED).reduce((sum, one) => sum + one.count, unlisted);
  const { scannedBytes, complete } = walk;
  return {
    ...{ counts: count.buckets, undated, total, patterns, others },
    ...{ scannedBytes, complete, oldest },
  };
}

class Counts {
  readonly buckets: Record<LogLevel, number>[];
  readonly patterns = new Map<string, LogPattern>();
  total = 0;
  undated = 0;
  unlisted = 0;
  oldest: number | null = null;

  constructor(private readonly starts: readonly number[]) {
    this.buckets = starts.map(() => ({ DEBUG: 0, INFO: 0, WARNING: 0, ERROR: 0 }));
  }

  add({ line, text }: LogEntry): void {
    this.total++;
    const time = line && Date.parse(line.timestamp);
    if (line === null || time === null) this.undated++;
    else {
      const bucket = this.buckets[this.bucketOf(time)];
      if (bucket) bucket[line.level]++;
      this.oldest = Math.min(this.oldest ?? time, time);
    }
    this.addPattern(patternOf(line?.message ?? text, line?.data), line?.level ?? null, time);
  }

  private addPattern(pattern: string, level: LogLevel | null, time: number | null): void {
    const known = this.patterns.get(pattern);
    if (known) {
      known.count++;
      known.level = worse(known.level, level);
      if (time !== null) {
        known.first = Math.min(known.first ?? time, time);
        known.last = Math.max(known.last ?? time, time);
      }
    } else if (this.patterns.size < MOST_PATTERNS) {
      this.patterns.set(pattern, { pattern, level, count: 1, first: time, last: time });
    } else this.unlisted++;
  }

  /** Returns the last bucket that begins at or before a time. */
  private bucketOf(time: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

const rank = (level: LogLevel | null) => (level === null ? -1 : LOG_LEVELS.indexOf(level));
const worse = (a: LogLevel | null, b: LogLevel | null) => (rank(b) > rank(a) ? b : a);
