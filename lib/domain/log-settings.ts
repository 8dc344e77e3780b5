import type { Level } from './log-level';

export type LogSettings = {
  /** Lines below this level are not written. */
  level: Level;
  /** JSON on standard output, or text for people. Files are always JSON: the search reads them. */
  json: boolean;
  /** Where files are written; `null`: only to standard output. */
  folder: string | null;
  limits?: LogLimits;
  /** Values that must never appear in a line. */
  secrets: readonly string[];
};

export type LogLimits = {
  /** A file that reaches this size is closed, compressed, and followed by a new one. */
  fileBytes: number;
  /** Limit for all files together; the oldest are deleted first. */
  totalBytes: number;
  /** A file is also closed after this long, and deleted when it is this many times older. */
  fileMs: number;
  keepMs: number;
};
