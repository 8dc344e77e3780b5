import type { Level } from './log-level';

export type LogSettings = {
  /** Lines below this level are not written. */
  level: Level;
  /** JSON on standard output, or text for people. Files are JSON always: the search reads them. */
  json: boolean;
  /** Where files go; `null`: only to standard output. */
  folder: string | null;
  limits?: LogLimits;
  /** Values that must never stand in a line. */
  secrets: readonly string[];
};

export type LogLimits = {
  /** A file that has grown to this is closed, packed, and followed by a new one. */
  fileBytes: number;
  /** All files together; the oldest go first. */
  totalBytes: number;
  /** A file is closed after this long, too, and deleted when it is this many times older. */
  fileMs: number;
  keepMs: number;
};
