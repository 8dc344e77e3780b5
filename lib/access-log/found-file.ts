import { AppError } from '../domain/errors';

/** A log file as it lay there at one look. */
export type FoundFile = {
  path: string;
  /** The log it belongs to: the path without rotation suffix. */
  log: string;
  device: number;
  inode: number;
  /** Bytes on disk. */
  size: number;
  /** Last write, epoch milliseconds. */
  modified: number;
  /** Content is packed: offsets count the content's bytes, not the file's. */
  compressed: boolean;
  /** How: `.gz`, `.zst`, …; empty when it is not. */
  packing: string;
  /** A neighbour (`access.log.1`), not the log's own file. */
  rotated: boolean;
  /** NULs that the content begins with: it was cut under a writer that went on where it was. */
  nuls: number;
  /** The first bytes of the content behind them, at most 1,024. Empty when there is nothing yet. */
  head: Buffer;
};

/** A file that could be read only in part. */
export class LogReadError extends AppError {
  override name = 'LogReadError';
  constructor(
    readonly path: string,
    readonly reason: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super('internal', message, options);
  }
}

/** How many bytes a file is known by. */
export const HEAD_BYTES = 1024;
