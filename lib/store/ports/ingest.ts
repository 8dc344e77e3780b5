import type { RejectedLine } from '../../domain/access';
import type { Checkpoint } from '../../domain/checkpoint';
import type { HitBatch } from '../../rollup/hit-batch';

/** What one pass over the logs found; it is stored whole or not at all. */
export type Batch = {
  hits: HitBatch;
  rejected: RejectedLine[];
  checkpoints: Checkpoint[];
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
  /** Stores hits, rejected lines and checkpoints together. Throws `StoreUnavailable` and stores nothing. */
  commit(batch: Batch): Promise<void>;
}
