import type { Said } from './said';

/** Why a file or folder could not be read; `message` explains it to users, with the remedy. */
export type FileProblem = {
  path: string;
  /** The log it belongs to. */
  log: string;
  /** A system error (`ENOENT`, `EACCES`, `EISDIR`, …), or `NOT_A_FILE`, `NOT_GZIP`, `UNSUPPORTED`, `TRUNCATED`. */
  code: string;
  message: string;
  /** The message for readers of any language; a collector of the version before this sends none. */
  said?: Said | undefined;
};

export type IngestState = {
  files: {
    path: string;
    /** The log it belongs to. */
    log: string;
    format: string | null;
    sizeBytes: number;
    readBytes: number;
    error: string | null;
    /** The error for readers of any language; a collector of the version before this sends none. */
    errorSaid?: Said | undefined;
  }[];
  /** Stored since the start. */
  hits: number;
  /** Epoch milliseconds of the newest hit stored since the start. */
  lastHit: number | null;
  problems: FileProblem[];
};
