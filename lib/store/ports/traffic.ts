import type { TimeRange } from '../../domain/access';
import type {
  CountedSum,
  CountedTraffic,
  DeviceTraffic,
  LastCounters,
  SeenCounters,
  TrafficSum,
  TrafficTotal,
} from '../../domain/traffic';
import type { TrafficStep } from '../../domain/traffic-buckets';

/** What a look found. `counters.devices`: those that have changed; the others stay as they were. */
export type TrafficChange = {
  traffic: readonly DeviceTraffic[];
  counted: readonly CountedTraffic[];
  counters: Pick<LastCounters, 'at' | 'counted'> & { devices: readonly SeenCounters[] };
};

/** What travelled between a collector's device and the others. */
export interface TrafficHistory {
  /**
   * Returns the sums of the periods that begin in a range, oldest first: of these devices, or of all with `null`. Hours
   * are kept as long as single hits, days as long as roll-ups.
   */
  trafficSums(
    step: TrafficStep,
    range: TimeRange,
    deviceIds: readonly string[] | null,
  ): Promise<TrafficSum[]>;
  /** Returns what tailscaled counted by itself in those periods; nothing where it does not say. */
  countedSums(step: TrafficStep, range: TimeRange): Promise<CountedSum[]>;
  /** Returns when the first day that is kept began; `null` before anything was counted. */
  trafficSince(): Promise<number | null>;
}

export interface TrafficStore extends TrafficHistory {
  /** Stores what a look found together with what the next is compared with: in one transaction, or nothing of it. */
  addTraffic(change: TrafficChange): Promise<void>;
  /** Returns what was last seen; `null` before the first look. */
  lastCounters(): Promise<LastCounters | null>;
  /**
   * Returns what has travelled since counting began, by device and path. It never goes down, whatever is pruned; a device
   * that has not been seen for 90 days is forgotten.
   */
  trafficTotals(): Promise<TrafficTotal[]>;
}
