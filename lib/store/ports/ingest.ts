import type { RejectedLine, RejectedRange } from '../../domain/access';
import type { Checkpoint } from '../../domain/checkpoint';
import type { HitBatch } from '../../rollup/hit-batch';

/**
 * The first part of a remembered range of rejected lines, or all of it, that has been read again; how many lines it
 * holds. `start` is the range's own.
 */
export type Reread = { file: number; start: number; end: number; lines: number };

/** What one pass over the logs found; it is stored whole or not at all. */
export type Batch = {
  hits: HitBatch;
  rejected: RejectedLine[];
  checkpoints: Checkpoint[];
  /** Where the rejected lines stand that may be read again. */
  rejectedRanges?: RejectedRange[];
  /**
   * What was read again: hits and rejected lines in there are stored although their file has been read further, if the
   * range is remembered still, and count as rejected no longer unless they are again.
   */
  reread?: Reread[];
};

/**
 * Where hits go. A hit is identified by its log position: committing the same position twice stores one hit. Checkpoints
 * move in the same transaction as the hits they cover, so a crash at any instant loses nothing and counts nothing twice.
 */
export interface IngestStore {
  /** All files ever read, closed ones too. */
  checkpoints(): Promise<Checkpoint[]>;
  /** Reserves the number for a file not read before. */
  nextFile(): Promise<number>;
  /** Where rejected lines stand, by file and offset. */
  rejectedRanges(): Promise<RejectedRange[]>;
  /** Stores hits, rejected lines and checkpoints together. Throws `StoreUnavailable` and stores nothing. */
  commit(batch: Batch): Promise<void>;
}
