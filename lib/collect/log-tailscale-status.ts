import { countDevices } from '../domain/judgement';
import { type QuotaPlan, quotaStatus } from '../domain/quota';
import { logger } from '../log/log';
import type { Stores } from '../store/ports/stores';
import { HOUR } from '../util/time';
import type { Collector } from './collector';
import type { DeviceJudge } from './device-judge';
import type { TailnetWatch } from './tailnet-watch';

const log = logger('tailscale-status');

/**
 * Logs and stores devices and quota, once an hour. An hour missed while the service was down is made up for at the
 * start.
 */
export class LogTailscaleStatus implements Collector {
  readonly name = 'log_tailscale_status';
  readonly needsTailnet = true;
  readonly schedule = '0 0 * * * *';

  constructor(
    private readonly watch: TailnetWatch,
    private readonly judge: Pick<DeviceJudge, 'of'>,
    private readonly store: Pick<Stores, 'summaries'>,
    private readonly plan: QuotaPlan,
    private readonly now: () => number = Date.now,
  ) {}

  async run(): Promise<void> {
    const last = await this.store.summaries.lastTailnetSummary();
    // The schedule is on the hour, so an entry younger than half an hour is this hour's.
    if (last && this.now() - last.time < HOUR / 2) return;
    const before = this.watch.view();
    if (before.stale) await this.watch.run();
    const { status, source } = this.watch.view();
    if (!status) return;
    const counts = countDevices(status.devices, (device) => this.judge.of(device));
    const quota = quotaStatus(status.devices, this.plan);
    const summary = {
      source,
      tailnet: status.tailnet.name,
      devices: counts,
      quota,
      health: status.health,
    };
    await this.store.summaries.addTailnetSummary({ time: this.now(), summary });
    await this.watch.save();
    log.info(`${counts.online} of ${counts.total} devices online, quota ${quota.status}`, summary);
  }
}
