/**
 * How far a log file has been read. Its identity survives renaming and compression, see
 * `lib/access-log/file-identity.ts`.
 */
export type Checkpoint = {
  /** The store's number for the file; part of the log position of every hit. */
  file: number;
  /** The log this file belongs to: the path without rotation suffix. */
  log: string;
  /** Where it was last seen. */
  path: string;
  device: number;
  inode: number;
  /** The file's first bytes (up to 1,024), base64. */
  fingerprint: string;
  /** Bytes of (uncompressed) content read so far. */
  offset: number;
  /** Never read again: replaced, truncated away, or removed. */
  retired: boolean;
};
