export type Retention = { rawDays: number; rollupDays: number };

/** Maintains a store. */
export interface Maintenance {
  /**
   * Rolls closed hours up into days and weeks, and arranges what is stored so that it is read fast, a bounded amount per
   * call; returns true while there is more to do.
   */
  rollUp(now: number): Promise<boolean>;
  /**
   * Counts hours again whose response times are in the coarser buckets of earlier versions, as long as their hits are
   * kept, a bounded amount per call; returns true while there is more to do.
   */
  recount(now: number): Promise<boolean>;
  /**
   * Deletes what is past retention: raw hits, rounds and hours of traffic after `rawDays`; roll-ups, paths, events,
   * days of traffic, resolved alerts, past mutes, and the audit after `rollupDays`.
   */
  prune(now: number, retention: Retention): Promise<void>;
  /** Writes a consistent copy of everything into `file` while the store is in use. */
  backup(file: string): Promise<void>;
  /** Returns the bytes used on disk. */
  size(): Promise<number>;
}
