/** A collector's announcement of itself. */
export type Announcement = {
  name: string;
  /** Random; a different one at each start. */
  instance: string;
  version: string;
  /** Where replicas reach it; without a slash at its end. */
  url: string;
  /** When it was written, by the collector's clock; epoch milliseconds. */
  at: number;
};

/**
 * Where collectors announce themselves and replicas find them. Every call throws `StoreUnavailable`. Adapter:
 * `influx/`.
 */
export interface CollectorRegistry {
  /** Replaces what this collector announced before. */
  announce(announcement: Announcement): Promise<void>;
  /** Returns the last announcement of every collector that ever existed, by name. */
  collectors(): Promise<Announcement[]>;
}
