import type { Family } from '../api/metric-family';
import type { Collector } from '../collect/collector';
import type { OtlpSettings, Push } from './exporter';

/** Pushes the metrics to an OpenTelemetry Collector. */
export class PushMetrics implements Collector {
  readonly name = 'push_metrics';
  private push: Push | null = null;

  constructor(
    readonly schedule: string,
    private readonly settings: OtlpSettings,
    private readonly families: () => Promise<Family[]>,
  ) {}

  /** Throws when the collector does not take them. */
  async run(): Promise<void> {
    if (!this.push) {
      const { openPush } = await import('./exporter');
      this.push = openPush(this.settings);
    }
    await this.push(await this.families());
  }
}
