import type { Outbox } from '../alerts/outbox';
import type { Collector } from './collector';

/**
 * Sends what is due on a channel, every second. Each channel has a job, so that one that hangs does not delay the
 * others.
 */
export class DeliverAlerts implements Collector {
  readonly name: string;
  readonly schedule = '* * * * * *';

  constructor(private readonly outbox: Outbox) {
    this.name = `send_${outbox.channel}`;
  }

  run(): Promise<void> {
    return this.outbox.run();
  }
}
