import { AppError } from '../domain/errors';
import type { Said } from '../domain/said';

/** A log file as found at one look. */
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
  /** Content is compressed: offsets count the content's bytes, not the file's. */
  compressed: boolean;
  /** The compression: `.gz`, `.zst`, …; empty when there is none. */
  packing: string;
  /** A neighbour (`access.log.1`), not the log's own file. */
  rotated: boolean;
  /** NULs that the content begins with: it was truncated while its writer continued at the old offset. */
  nuls: number;
  /** The first bytes of the content after them, at most 1,024. Empty while there is nothing. */
  fingerprint: Buffer;
};

/** A file that could be read only in part. */
export class LogReadError extends AppError {
  override name = 'LogReadError';
  constructor(
    readonly path: string,
    readonly reason: string,
    said: Said,
    options?: ErrorOptions,
  ) {
    super('internal', said, options);
  }
}

/** The length of a file's fingerprint in bytes. */
export const FINGERPRINT_BYTES = 1024;
