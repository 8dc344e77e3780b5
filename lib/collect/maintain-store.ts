import type { Collector } from './collector';

/** Makes roll-ups and applies retention; the work itself is done by the ingest thread, where it delays no request. */
export class MaintainStore implements Collector {
  readonly name = 'maintain_store';
  readonly schedule = '30 * * * * *';

  constructor(private readonly worker: { maintain(): Promise<void> }) {}

  run(): Promise<void> {
    return this.worker.maintain();
  }
}
