import type { AlertEngine } from '../alerts/engine';
import type { AuditStore } from '../store/ports/audit';
import type { Collector } from './collector';

/** Roll-ups and retention, where they disturb nobody: the work itself is the ingest thread's. */
export class MaintainStore implements Collector {
  readonly name = 'maintain_store';
  readonly schedule = '30 * * * * *';

  constructor(
    private readonly worker: { maintain(): Promise<void> },
    private readonly alerts: Pick<AlertEngine, 'prune'>,
    private readonly audit: Pick<AuditStore, 'pruneAudit'>,
    /** How long alerts that are over, and the audit, are kept. */
    private readonly keepDays: number,
  ) {}

  async run(): Promise<void> {
    await this.alerts.prune(this.keepDays);
    await this.audit.pruneAudit(Date.now() - this.keepDays * 86_400_000);
    await this.worker.maintain();
  }
}
