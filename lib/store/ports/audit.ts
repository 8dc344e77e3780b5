/** A change that a caller made. `time` in epoch milliseconds. */
export type AuditEntry = {
  id: number;
  time: number;
  /** Login, node, token or `operator`, as the log has it. */
  actor: string;
  /** What was done, such as `mute`. */
  action: string;
  /** What it was done to, in words. */
  target: string;
  /** Finds the log lines of the request. */
  requestId: string;
};
export type AuditPage = { entries: AuditEntry[]; nextCursor: string | null };

/** Who changed what. Every call throws `StoreUnavailable` when the store refuses it. */
export interface AuditStore {
  addAudit(entry: Omit<AuditEntry, 'id'>): Promise<void>;
  /** Newest first. `cursor` is a page's `nextCursor`. Throws `BadCursor`. */
  audit(limit: number, cursor: string | null): Promise<AuditPage>;
}
