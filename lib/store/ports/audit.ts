import type { Said } from '../../domain/said';

/** A change that a caller made. `time` in epoch milliseconds. */
export type AuditEntry = {
  id: number;
  time: number;
  /** Login, device, token or `operator`, as in the log. */
  actor: string;
  /** What was done, such as `mute`. */
  action: string;
  /** What it was done to, in English. */
  target: string;
  /** The same for readers of any language; absent where a version before this recorded it. */
  said?: Said | undefined;
  /** Identifies the log lines of the request. */
  requestId: string;
};
export type AuditPage = { entries: AuditEntry[]; nextCursor: string | null };

/** Records who changed what. Every call throws `StoreUnavailable` when the store refuses it. */
export interface AuditStore {
  addAudit(entry: Omit<AuditEntry, 'id'>): Promise<void>;
  /** Newest first. `cursor` is a page's `nextCursor`. Throws `BadCursor`. */
  audit(limit: number, cursor: string | null): Promise<AuditPage>;
}
