import type { InfluxHealth } from '../domain/influx-health';
import type { Said } from '../domain/said';
import type { Collector } from './collector';

/** Sets InfluxDB up until that has succeeded once, and counts its series, every five minutes. */
export class WatchInflux implements Collector {
  readonly name = 'watch_influxdb';
  readonly schedule = '15 */5 * * * *';
  readonly health: InfluxHealth = { version: null, series: null, advice: [] };

  constructor(
    private readonly influx: {
      setUp(): Promise<{ version: string; advice: Said[] }>;
      series(): Promise<number>;
    },
  ) {}

  /** Throws `StoreUnavailable` with what has to be fixed. */
  async setUp(): Promise<void> {
    const { version, advice } = await this.influx.setUp();
    Object.assign(this.health, { version, advice });
  }

  async run(): Promise<void> {
    if (this.health.version === null) await this.setUp();
    this.health.series = await this.influx.series();
  }
}
