import { type LogFile, listLogFiles } from './log-files';
import { LineMatcher, type LogEntry, type LogFilePosition, type LogFilter } from './match';
import { type Bounds, backwards, forwards } from './read-lines';

/** The most that a search may read and take. */
export type SearchLimits = { bytes: number; ms: number };

/** Only lines before, or after, a position. */
export type Between = { before?: LogFilePosition; after?: LogFilePosition };

/** One way through the log files of a folder, from the newest file backwards, within limits. */
export class Walk {
  scannedBytes = 0;
  /** Where it had to stop; `null`: there is nothing before. */
  stoppedAt: LogFilePosition | null = null;
  private missed = false;
  private readonly matcher: LineMatcher;
  private readonly until: number;

  constructor(
    private readonly filter: LogFilter & Between,
    private readonly limits: SearchLimits,
  ) {
    this.matcher = new LineMatcher(filter);
    this.until = performance.now() + limits.ms;
  }

  /** Whether everything was searched; false: the search was cut short. */
  get complete(): boolean {
    return this.stoppedAt === null && !this.missed;
  }

  /** Calls `read` with the files that may have matching lines, newest first, until `hasEnough`. */
  async files(
    folder: string,
    read: (file: LogFile) => Promise<void>,
    hasEnough: () => boolean,
  ): Promise<void> {
    const { from, to, before, after } = this.filter;
    let newer = Number.POSITIVE_INFINITY;
    for (const file of listLogFiles(folder)) {
      // All lines of a file are older than the next file.
      const tooNew = file.startedAt >= to || file.startedAt > (before?.file ?? newer);
      const tooOld = newer <= from || file.startedAt < (after?.file ?? 0);
      newer = file.startedAt;
      if (tooNew) continue;
      if (tooOld || hasEnough() || this.stopsBefore(file)) break;
      try {
        await read(file);
      } catch (error) {
        // Deleted or packed in the meantime: its lines are gone, or will be found by the next search.
        if (!(error instanceof Error && 'code' in error)) throw error;
        this.missed = true;
      }
    }
  }

  /** Reads the matching lines of a file, in pieces: of a plain one newest first, of a packed one oldest first. */
  async *lines(file: LogFile): AsyncGenerator<LogEntry[]> {
    const read = file.packed ? forwards : backwards;
    for await (const { bytes, entries, rest } of read(file, this.matcher, this.boundsIn(file))) {
      this.scannedBytes += bytes;
      yield entries;
      if (rest > 0 && this.isSpent()) {
        this.stoppedAt = { file: file.startedAt, offset: rest };
        return;
      }
    }
  }

  private boundsIn({ startedAt }: LogFile): Bounds {
    const { before, after } = this.filter;
    return {
      after: after?.file === startedAt ? after.offset : -1,
      before: before?.file === startedAt ? before.offset : Number.POSITIVE_INFINITY,
    };
  }

  private stopsBefore({ startedAt }: LogFile): boolean {
    if (this.stoppedAt === null && this.isSpent()) {
      this.stoppedAt = { file: startedAt, offset: Number.MAX_SAFE_INTEGER };
    }
    return this.stoppedAt !== null;
  }

  private isSpent(): boolean {
    return this.scannedBytes > this.limits.bytes || performance.now() > this.until;
  }
}
