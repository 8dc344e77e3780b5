import type { Collector } from './collector';

/** Roll-ups and retention, where they disturb nobody: the work itself is the ingest thread's. */
export class MaintainStore implements Collector {
  readonly name = 'maintain_store';
  readonly schedule = '30 * * * * *';

  constructor(private readonly worker: { maintain(): Promise<void> }) {}

  run(): Promise<void> {
    return this.worker.maintain();
  }
}
