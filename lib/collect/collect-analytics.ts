import type { Collector } from './collector';

/** Stores what is new in the access logs; the work itself is done by the ingest thread. */
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
