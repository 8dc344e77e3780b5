import type { RejectedRange } from '../domain/access';
import type { Checkpoint } from '../domain/checkpoint';
import { HitBatch } from '../rollup/hit-batch';
import type { Batch, Reread } from '../store/ports/ingest';

/** Hits a commit holds: enough to make it cheap, few enough to keep a pass in a few megabytes. */
const BATCH = 32_000;

/** What has been read and not yet stored. */
export class PendingBatch {
  hits = new HitBatch(BATCH);
  rejected: Batch['rejected'] = [];
  rejectedRanges: RejectedRange[] = [];
  reread: Reread[] = [];
  private checkpoints = new Map<number, Checkpoint>();

  /** Worth a commit. */
  get isFull(): boolean {
    return this.hits.length + this.rejected.length >= BATCH;
  }

  checkpoint(checkpoint: Checkpoint): void {
    this.checkpoints.set(checkpoint.file, checkpoint);
  }

  /** All of it, leaving nothing. */
  take(): Required<Batch> {
    const batch = {
      hits: this.hits,
      rejected: this.rejected,
      rejectedRanges: this.rejectedRanges,
      reread: this.reread,
      checkpoints: [...this.checkpoints.values()],
    };
    this.hits = new HitBatch(BATCH);
    this.rejected = [];
    this.rejectedRanges = [];
    this.reread = [];
    this.checkpoints = new Map();
    return batch;
  }
}
