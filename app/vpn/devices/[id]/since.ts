import type { UptimeResponse } from '@/lib/api/health-schemas';
import type { Path } from '../../../../lib/domain/device';
import { MINUTE } from '../../../../lib/util/time';

/** Looks this far apart are one: between them nobody looked, and nothing is known to have changed. */
const NEAR_MS = 15 * MINUTE;

/** Since when something holds. `isAtLeast`: it held before already, which the range does not show. */
export type Since = { time: number; isAtLeast: boolean };

/**
 * Returns since when the paths of a device have been such as `holds` says, by its timeline; `null` when they are not
 * now, or nothing is known. `from` and `to` are the ends of the range, epoch milliseconds.
 */
export function sinceWhen(
  { spans }: Pick<UptimeResponse, 'spans'>,
  { from, to }: { from: number; to: number },
  holds: (path: Path) => boolean,
): Since | null {
  let begin = to;
  let time: number | null = null;
  for (const span of spans.toReversed()) {
    if (!holds(span.path) || begin - Date.parse(span.to) > NEAR_MS) break;
    begin = Date.parse(span.from);
    time = begin;
  }
  return time === null ? null : { time, isAtLeast: time - from < NEAR_MS };
}
