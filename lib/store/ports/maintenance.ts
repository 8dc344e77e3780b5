export type Retention = { rawDays: number; rollupDays: number };

/** Keeps a store in order. */
export interface Maintenance {
  /** Rolls closed hours up into days and weeks, a bounded amount per call; true while there is more to do. */
  rollUp(now: number): Promise<boolean>;
  /**
   * Deletes what retention no longer covers: raw hits and rounds after `rawDays`; roll-ups, paths, events, what is over of
   * alerts and mutes, and the audit after `rollupDays`.
   */
  prune(now: number, retention: Retention): Promise<void>;
  /** Writes a consistent copy of everything into `file` while the store is in use. */
  backup(file: string): Promise<void>;
  /** Bytes on disk. */
  size(): Promise<number>;
}
