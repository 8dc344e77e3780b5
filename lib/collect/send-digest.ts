import { type DigestPlan, lastPeriod } from '../domain/digest';
import type { TimeZone } from '../domain/time-zone';
import type { DigestQueue } from '../store/ports/digests';
import type { Collector } from './collector';
import { type DigestSources, digestOf } from './digest';

export type SendDigestOptions = {
  stores: DigestSources & { digests: DigestQueue };
  plan: DigestPlan;
  channels: readonly string[];
  zone: TimeZone;
  /** Whether accesses from outside of the tailnet count. */
  nonTailnet: boolean;
  now?: () => number;
};

/**
 * Queues a digest on its channels once per period: what was missed while the service was away is made up for by the
 * last one. The period in which digests are switched on is the first.
 */
export class SendDigest implements Collector {
  readonly name = 'send_digest';
  readonly schedule = '5 * * * * *';
  private readonly now: () => number;

  constructor(private readonly options: SendDigestOptions) {
    this.now = options.now ?? Date.now;
  }

  async run(): Promise<void> {
    const { stores, plan, channels, zone, nonTailnet } = this.options;
    const now = this.now();
    const period = lastPeriod(plan, now, zone);
    const last = await stores.digests.lastDigest();
    if (last !== null && last >= period.to) return;
    if (last === null) {
      await stores.digests.queueDigest(period.to, [], null);
      return;
    }
    const digest = await digestOf(stores, period, nonTailnet);
    const message = { createdAt: now, news: [], unconfirmed: 0, digest };
    await stores.digests.queueDigest(period.to, channels, message);
  }
}
