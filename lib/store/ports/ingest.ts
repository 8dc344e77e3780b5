import type { RejectedLine, RejectedRange } from '../../domain/access';
import type { Checkpoint } from '../../domain/checkpoint';
import type { HitBatch } from '../../rollup/hit-batch';

/**
 * The first part of a remembered range of rejected lines, or all of it, that has been read again; with the number of
 * its lines. `start` is the range's own.
 */
export type Reread = { file: number; start: number; end: number; lines: number };

/** The results of one pass over the logs; stored completely or not at all. */
export type Batch = {
  hits: HitBatch;
  rejected: RejectedLine[];
  checkpoints: Checkpoint[];
  /** Ranges of rejected lines that may be read again. */
  rejectedRanges?: RejectedRange[];
  /**
   * Ranges that were read again: their hits and rejected lines are stored although their file has been read further, if
   * the range is still remembered, and no longer count as rejected unless they are rejected again.
   */
  reread?: Reread[];
};

/**
 * Stores hits. A hit is identified by its log position: committing the same position twice stores one hit. Checkpoints
 * move in the same transaction as their hits, so a crash at any instant loses nothing and counts nothing twice; and never
 * back, so that several processes may read the same file.
 */
export interface IngestStore {
  /** Returns all files ever read, including retired ones. */
  checkpoints(): Promise<Checkpoint[]>;
  /**
   * Stores the checkpoints of files not known before, numbered from the highest number on. Returns `false`, having
   * stored nothing, when one of the numbers is taken: another process has claimed files meanwhile.
   */
  claimFiles(checkpoints: readonly Checkpoint[]): Promise<boolean>;
  /** Returns the ranges of rejected lines, by file and offset. */
  rejectedRanges(): Promise<RejectedRange[]>;
  /** Stores hits, rejected lines and checkpoints together. Throws `StoreUnavailable` and stores nothing. */
  commit(batch: Batch): Promise<void>;
}
