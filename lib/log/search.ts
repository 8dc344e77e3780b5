import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { LOG_LEVELS, type LogLevel } from '../domain/log-level';
import { type LogFile, listLogFiles } from './log-files';
import { isLogLine, type LogLine } from './log-line';

/**
 * A line's position: the time its file was started (epoch milliseconds), and the offset of its first byte, unpacked.
 */
export type LogFilePosition = { file: number; offset: number };

export type LogQuery = {
  /** Epoch milliseconds; `to` is exclusive. */
  from: number;
  to: number;
  /** This level and those above it. */
  level: LogLevel;
  /** Anywhere in the line, ignoring case. */
  text?: string;
  logger?: string;
  user?: string;
  requestId?: string;
  limit: number;
  /** Only lines before, or after, this position. */
  before?: LogFilePosition;
  after?: LogFilePosition;
};

/** A line that was found. `line` is null when it is not from this service: another program's text, or cut off. */
export type LogEntry = { position: LogFilePosition; text: string; line: LogLine | null };

export type LogAnswer = {
  /** Newest first. */
  entries: LogEntry[];
  /** Where to continue; null: there are no older lines. */
  next: LogFilePosition | null;
  scannedBytes: number;
  /** Whether everything was searched; false: the search was cut short. */
  complete: boolean;
};

export type SearchLimits = { bytes: number; ms: number };
const LIMITS: SearchLimits = { bytes: 2 * 1024 ** 3, ms: 3_000 };

const CHUNK = 256 * 1024;
/** Longer lines are truncated, to limit memory. */
const LONGEST_LINE = 1024 * 1024;
const NEWLINE = 10;
/** How the service's lines begin, up to the level's first letter, which identifies it. */
const HEAD = Buffer.from('{"level":"');
const RANK_OF_LETTER = new Map(LOG_LEVELS.map((level, rank) => [level.charCodeAt(0), rank]));

/** Searches the log files of a folder from the newest line backwards, and stops as soon as it has enough. */
export async function searchLogs(
  folder: string,
  query: LogQuery,
  limits: SearchLimits = LIMITS,
): Promise<LogAnswer> {
  const search = new Search(query, limits);
  let newer = Number.POSITIVE_INFINITY;
  for (const file of listLogFiles(folder)) {
    // All lines of a file are older than the next file.
    const tooNew = file.startedAt >= query.to || file.startedAt > (query.before?.file ?? newer);
    const tooOld = newer <= query.from || file.startedAt < (query.after?.file ?? 0);
    newer = file.startedAt;
    if (tooNew) continue;
    if (tooOld || search.endsBefore(file)) break;
    try {
      await (file.packed ? search.unpacking(file) : search.backwards(file));
    } catch (error) {
      // Deleted or packed in the meantime: its lines are gone, or will be found by the next search.
      if (!(error instanceof Error && 'code' in error)) throw error;
      search.missed = true;
    }
  }
  return search.answer();
}

class Search {
  missed = false;
  private readonly entries: LogEntry[] = [];
  private scanned = 0;
  private stoppedAt: LogFilePosition | null = null;
  private readonly rank: number;
  private readonly text: string | undefined;
  private readonly until: number;

  constructor(
    private readonly query: LogQuery,
    private readonly limits: SearchLimits,
  ) {
    this.rank = LOG_LEVELS.indexOf(query.level);
    this.text = query.text?.toLowerCase();
    this.until = performance.now() + limits.ms;
  }

  /** Returns whether the search has found, or spent, enough before it reaches this file. */
  endsBefore({ startedAt }: LogFile): boolean {
    if (this.ended) return true;
    if (this.spent()) this.stoppedAt = { file: startedAt, offset: Number.MAX_SAFE_INTEGER };
    return this.ended;
  }

  private get ended(): boolean {
    return this.entries.length > this.query.limit || this.stoppedAt !== null;
  }

  answer(): LogAnswer {
    const { limit } = this.query;
    const entries = this.entries.slice(0, limit);
    const more = this.entries.length > limit;
    const next = more ? (entries.at(-1)?.position ?? null) : this.stoppedAt;
    const complete = this.stoppedAt === null && !this.missed;
    return { entries, next, scannedBytes: this.scanned, complete };
  }

  /** Searches a plain file in chunks, from its end. */
  async backwards(file: LogFile): Promise<void> {
    const handle = await open(/* turbopackIgnore: true */ file.path);
    try {
      const { before } = this.query;
      const { size } = await handle.stat();
      let end = before?.file === file.startedAt ? Math.min(before.offset, size) : size;
      let rest: Buffer = Buffer.alloc(0);
      while (end > 0 && !this.ended) {
        const start = Math.max(0, end - CHUNK);
        const piece = Buffer.alloc(end - start);
        await handle.read(piece, 0, piece.length, start);
        this.scanned += piece.length;
        const text = rest.length > 0 ? Buffer.concat([piece, rest]) : piece;
        // The first line may begin before this chunk.
        const whole = start === 0 ? 0 : text.indexOf(NEWLINE) + 1 || text.length;
        if (this.linesBackwards(file, text, whole, start)) return;
        rest = text.subarray(0, Math.min(whole, LONGEST_LINE));
        end = start;
        if (end > 0 && this.spent()) {
          this.stoppedAt = { file: file.startedAt, offset: start + whole };
        }
      }
    } finally {
      await handle.close();
    }
  }

  /** Searches the lines of `text` from `whole` on, last one first; returns true when the search can stop. */
  private linesBackwards(file: LogFile, text: Buffer, whole: number, at: number): boolean {
    const { after } = this.query;
    let end = text.length;
    while (end > whole) {
      const start = end < 2 ? 0 : text.lastIndexOf(NEWLINE, end - 2) + 1;
      const position = { file: file.startedAt, offset: at + start };
      if (after?.file === position.file && position.offset <= after.offset) return true;
      if (!this.isMinor(text, start)) {
        const entry = this.match(text.subarray(start, end), position);
        if (entry) this.entries.push(entry);
      }
      if (this.entries.length > this.query.limit) return true;
      end = start;
    }
    return false;
  }

  /** Searches a packed file, which can only be read from its beginning: the last matching lines are kept. */
  async unpacking(file: LogFile): Promise<void> {
    const { before, after, limit } = this.query;
    const last = before?.file === file.startedAt ? before.offset : Number.POSITIVE_INFINITY;
    const first = after?.file === file.startedAt ? after.offset + 1 : 0;
    const room = limit + 1 - this.entries.length;
    let batch: LogEntry[] = [];
    let offset = 0;
    let rest: Buffer = Buffer.alloc(0);
    const take = (text: Buffer, start: number, end: number) => {
      const at = offset + start;
      if (at < first || at >= last || this.isMinor(text, start)) return;
      const entry = this.match(text.subarray(start, end), { file: file.startedAt, offset: at });
      if (entry && batch.push(entry) > 2 * room) batch = batch.slice(-room);
    };
    const unpacked = createReadStream(/* turbopackIgnore: true */ file.path).pipe(
      createGunzip({ chunkSize: CHUNK }),
    );
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      this.scanned += chunk.length;
      const text = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let start = 0;
      for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
        take(text, start, end + 1);
        start = end + 1;
      }
      rest = text.subarray(start);
      offset += start;
      if (rest.length > LONGEST_LINE) {
        offset += rest.length;
        rest = Buffer.alloc(0);
      }
      if (offset >= last) break;
    }
    if (rest.length > 0) take(rest, 0, rest.length);
    this.entries.push(...batch.slice(-room).reverse());
  }

  private spent(): boolean {
    return this.scanned > this.limits.bytes || performance.now() > this.until;
  }

  /**
   * Returns whether the line that begins there is one of this service's, below the requested level. Most are, and a few
   * bytes are enough to tell.
   */
  private isMinor(text: Buffer, start: number): boolean {
    if (this.rank === 0) return false;
    for (let i = 0; i < HEAD.length; i++) if (text[start + i] !== HEAD[i]) return false;
    return (RANK_OF_LETTER.get(text[start + HEAD.length] ?? 0) ?? 0) < this.rank;
  }

  /** Returns the line if it matches the query. */
  private match(bytes: Buffer, position: LogFilePosition): LogEntry | null {
    const { logger, user, requestId, from, to } = this.query;
    if (requestId !== undefined && !bytes.includes(requestId)) return null;
    const text = bytes.toString('utf8').trimEnd();
    if (text === '') return null;
    if (this.text !== undefined && !text.toLowerCase().includes(this.text)) return null;
    const line = parsed(text);
    if (line === null) {
      // Its level and time are unknown, so it is shown only when everything is requested.
      const wanted =
        this.rank === 0 && [logger, user, requestId].every((name) => name === undefined);
      return wanted ? { position, text, line } : null;
    }
    if (LOG_LEVELS.indexOf(line.level) < this.rank) return null;
    if (logger !== undefined && line.logger !== logger) return null;
    if (user !== undefined && line.user !== user) return null;
    if (requestId !== undefined && line.request_id !== requestId) return null;
    const time = Date.parse(line.timestamp);
    return time >= from && time < to ? { position, text, line } : null;
  }
}

function parsed(text: string): LogLine | null {
  try {
    const line: unknown = JSON.parse(text);
    return isLogLine(line) ? line : null;
  } catch {
    return null;
  }
}
