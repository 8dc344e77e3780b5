import type {
  AccessFilter,
  NamedHit,
  RejectedLine,
  TimeRange,
  Usage,
  UsageTotals,
  Visitor,
} from '../../domain/access';

import type { Checkpoint } from '../../domain/checkpoint';
import type { HitBatch } from '../../rollup/hit-batch';
import type { ConnectionStore } from './connections';

/** What one pass over the logs found; it is stored whole or not at all. */
export type Batch = {
  hits: HitBatch;
  rejected: RejectedLine[];
  checkpoints: Checkpoint[];
};

export type Identity = NonNullable<Visitor['identity']>;

export type HitPage = { hits: NamedHit[]; nextCursor: string | null };

export type RejectedSummary = {
  total: number;
  /** The newest ones, at most 20. `line` is cut at 2,000 characters. */
  samples: { path: string; offset: number; line: string; reason: string; time: number }[];
};

/** A summary line of the tailnet as the hourly job stores it. `time` in epoch milliseconds. */
export type TailnetSummary = { time: number; summary: Record<string, unknown> };

export type Retention = { rawDays: number; rollupDays: number };

/** The store cannot take writes now; the message says what the user can do. Reads may still work. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
  constructor(
    readonly code: 'full' | 'read_only' | 'corrupt' | 'busy' | 'failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Where everything lives. Adapters: `sqlite.ts`; both must pass `contract.ts`.
 *
 * A hit is identified by its place in the log: committing the same place twice stores one hit. Checkpoints move in
 * the same transaction as the hits they cover, so a crash at any instant loses nothing and counts nothing twice.
 */
export interface Store extends ConnectionStore {
  /** All files ever read, retired ones too. */
  checkpoints(): Promise<Checkpoint[]>;
  /** Reserves the number for a file not read before. */
  nextFile(): Promise<number>;
  /** Stores hits, rejected lines and checkpoints together. Throws `StoreUnavailable` and stores nothing. */
  commit(batch: Batch): Promise<void>;

  /**
   * Tailnet visitors never asked about, or last asked about before `before` (epoch ms, one moment for those still
   * unknown and one for those known), longest wait first.
   */
  visitorsToIdentify(before: { unknown: number; known: number }, limit: number): Promise<Visitor[]>;
  /**
   * What whois said of a visitor at `now`. `null` leaves it unknown, to be asked again. A different node than before
   * opens a new visitor for the address; hits already stored stay with the old one.
   */
  identify(visitorId: number, identity: Identity | null, now: number): Promise<void>;

  usage(range: TimeRange, filter: AccessFilter): Promise<Usage>;
  /** The totals of `usage` alone, for comparing ranges. */
  totals(range: TimeRange, filter: AccessFilter): Promise<UsageTotals>;
  /** Newest first. `cursor` is a page's `nextCursor`; it stays valid while hits arrive. Throws `RangeError` on a bad one. */
  hits(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Promise<HitPage>;
  rejected(): Promise<RejectedSummary>;

  addTailnetSummary(summary: TailnetSummary): Promise<void>;
  lastTailnetSummary(): Promise<TailnetSummary | null>;
  /** A small value that outlives restarts, by key. */
  saveState(key: string, value: string): Promise<void>;
  loadState(key: string): Promise<string | null>;

  /** Rolls closed hours up into days and weeks, a bounded amount a call; true while there is more to do. */
  rollUp(now: number): Promise<boolean>;
  /** Deletes what retention no longer covers. */
  prune(now: number, retention: Retention): Promise<void>;
  /** A consistent copy of everything into `file`, made while the store is in use. */
  backup(file: string): Promise<void>;
  /** Bytes on disk. */
  size(): Promise<number>;
  close(): Promise<void>;
}
