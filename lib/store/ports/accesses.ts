import type { AccessFilter, NamedHit, TimeRange, Usage, UsageTotals } from '../../domain/access';
import type { PathSpeed } from '../../domain/connection';

export type HitPage = { hits: NamedHit[]; nextCursor: string | null };

/** Answers questions about hits. */
export interface AccessHistory {
  usage(range: TimeRange, filter: AccessFilter): Promise<Usage>;
  /** Returns only the totals of `usage`, for comparing ranges. */
  totals(range: TimeRange, filter: AccessFilter): Promise<UsageTotals>;
  /** Newest first. `cursor` is a page's `nextCursor`; it stays valid while hits arrive. Throws `BadCursor`. */
  hits(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Promise<HitPage>;
  /**
   * Returns response times over each kind of path, from hits and the path at their time; most hits first, at most 50.
   */
  speedByPath(range: TimeRange): Promise<PathSpeed[]>;
}
