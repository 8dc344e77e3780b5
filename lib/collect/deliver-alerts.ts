import type { Outbox } from '../alerts/outbox';
import type { Collector } from './collector';

/** Each second: sends what is due on a channel. Each channel has a job, so that one that hangs holds up no other. */
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
