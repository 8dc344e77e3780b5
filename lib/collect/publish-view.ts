import type { Collector } from './collector';
import type { PublishedView } from './published-view';

/** Every three seconds: tells the replicas how things are. */
export class PublishView implements Collector {
  readonly name = 'publish_view';
  readonly schedule = '*/3 * * * * *';

  constructor(
    private readonly view: () => Promise<PublishedView>,
    private readonly publish: (view: PublishedView) => Promise<void>,
  ) {}

  async run(): Promise<void> {
    await this.publish(await this.view());
  }
}
