/** A collector as it makes itself known. */
export type Announcement = {
  name: string;
  /** Random; another one at each start. */
  instance: string;
  version: string;
  /** Where replicas reach it; without a slash at its end. */
  url: string;
  /** When it was written, by the collector's clock; epoch milliseconds. */
  at: number;
};

/** Where collectors make themselves known and replicas find them. Every call throws `StoreUnavailable`. Adapter: `influx/`. */
export interface CollectorRegistry {
  /** Replaces what this collector announced before. */
  announce(announcement: Announcement): Promise<void>;
  /** The last announcement of every collector there ever was, by name. */
  collectors(): Promise<Announcement[]>;
}
