import type { RejectedRange } from '../domain/access';
import type { Checkpoint } from '../domain/checkpoint';
import { HitBatch } from '../rollup/hit-batch';
import type { Batch, Reread } from '../store/ports/ingest';

/** Hits in a commit: enough to make it cheap, few enough that a pass needs only a few megabytes. */
const BATCH = 32_000;
/** Room for the last chunk's lines too, mostly: growing copies the whole batch into memory that is new to the process. */
const ROOM = BATCH + 8_000;
/** Hits of a usual pass, each second: room for a whole batch is 2 MB. */
const FEW = 256;

/** Holds what has been read but not yet stored. */
export class PendingBatch {
  hits = new HitBatch(FEW, ROOM);
  rejected: Batch['rejected'] = [];
  rejectedRanges: RejectedRange[] = [];
  reread: Reread[] = [];
  private checkpoints = new Map<number, Checkpoint>();

  /** Returns whether it is worth a commit. */
  get isFull(): boolean {
    return this.hits.length + this.rejected.length >= BATCH;
  }

  checkpoint(checkpoint: Checkpoint): void {
    this.checkpoints.set(checkpoint.file, checkpoint);
  }

  /** Returns all of it and empties the batch. */
  take(): Required<Batch> {
    const batch = {
      hits: this.hits,
      rejected: this.rejected,
      rejectedRanges: this.rejectedRanges,
      reread: this.reread,
      checkpoints: [...this.checkpoints.values()],
    };
    this.hits = new HitBatch(FEW, ROOM);
    this.rejected = [];
    this.rejectedRanges = [];
    this.reread = [];
    this.checkpoints = new Map();
    return batch;
  }
}
