import type { InfluxHealth } from '../domain/influx-health';
import type { Collector } from './collector';

/** Every five minutes, and until it has gone well once: sets InfluxDB up where that is still to do, and counts its series. */
export class WatchInflux implements Collector {
  readonly name = 'watch_influxdb';
  readonly schedule = '15 */5 * * * *';
  readonly health: InfluxHealth = { version: null, series: null, advice: [] };

  constructor(
    private readonly influx: {
      setUp(): Promise<{ version: string; advice: string[] }>;
      series(): Promise<number>;
    },
  ) {}

  /** Throws `StoreUnavailable` with what has to be put right. */
  async setUp(): Promise<void> {
    const { version, advice } = await this.influx.setUp();
    Object.assign(this.health, { version, advice });
  }

  async run(): Promise<void> {
    if (this.health.version === null) await this.setUp();
    this.health.series = await this.influx.series();
  }
}
