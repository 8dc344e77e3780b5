import { LOG_LEVELS, type LogLevel } from '../domain/log-level';
import { isLogLine, type LogLine } from './log-line';
import { patternOf } from './pattern';

/**
 * A line's position: the time its file was started (epoch milliseconds), and the offset of its first byte, unpacked.
 */
export type LogFilePosition = { file: number; offset: number };

/** Which lines are meant. */
export type LogFilter = {
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
  /** What `patternOf` makes of the message. */
  pattern?: string;
};

/** A line that was found. `line` is null when it is not from this service: another program's text, or cut off. */
export type LogEntry = { position: LogFilePosition; text: string; line: LogLine | null };

/** How the service's lines begin, up to the level's first letter, which identifies it. */
const HEAD = Buffer.from('{"level":"');
const RANK_OF_LETTER = new Map(LOG_LEVELS.map((level, rank) => [level.charCodeAt(0), rank]));

/** Decides which lines a filter means. */
export class LineMatcher {
  private readonly rank: number;
  private readonly text: string | undefined;

  constructor(private readonly filter: LogFilter) {
    this.rank = LOG_LEVELS.indexOf(filter.level);
    this.text = filter.text?.toLowerCase();
  }

  /** Returns the line from `start` to `end` of `text` if it matches; `at` is where `text` begins in its file. */
  match(file: number, at: number, text: Buffer, start: number, end: number): LogEntry | null {
    if (this.isMinor(text, start)) return null;
    return this.entryOf(text.subarray(start, end), { file, offset: at + start });
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

  private entryOf(bytes: Buffer, position: LogFilePosition): LogEntry | null {
    const { logger, user, requestId, pattern, from, to } = this.filter;
    if (requestId !== undefined && !bytes.includes(requestId)) return null;
    const text = bytes.toString('utf8').trimEnd();
    if (text === '') return null;
    if (this.text !== undefined && !text.toLowerCase().includes(this.text)) return null;
    const line = parsed(text);
    if (pattern !== undefined && patternOf(line?.message ?? text, line?.data) !== pattern) {
      return null;
    }
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
