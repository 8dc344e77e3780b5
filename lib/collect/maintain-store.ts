import type { AlertEngine } from '../alerts/engine';
import type { Collector } from './collector';

/** Roll-ups and retention, where they disturb nobody: the work itself is the ingest thread's. */
export class MaintainStore implements Collector {
  readonly name = 'maintain_store';
  readonly schedule = '30 * * * * *';

  constructor(
    private readonly worker: { maintain(): Promise<void> },
    private readonly alerts: Pick<AlertEngine, 'prune'>,
    /** How long alerts that are over are kept. */
    private readonly keepDays: number,
  ) {}

  async run(): Promise<void> {
    await this.alerts.prune(this.keepDays);
    await this.worker.maintain();
  }
}
