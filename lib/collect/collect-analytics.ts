import type { Collector } from './collector';

/** Takes what is new in the access logs into the store; the work itself is the ingest thread's. */
export class CollectAnalytics implements Collector {
  readonly name = 'collect_analytics';

  constructor(
    readonly schedule: string,
    private readonly worker: { collect(): Promise<void> },
  ) {}

  run(): Promise<void> {
    return this.worker.collect();
  }
}
