import { formatBucket } from '@/lib/domain/format';
import { UTC } from '@/lib/domain/time-zone';
import { DAY } from '@/lib/util/time';

/** Returns the day on which counting began, where that is within a range; `null` where all of it was counted. */
export function sinceWhen(since: string | null, from: string): string | null {
  if (since === null || since <= from) return null;
  // Local midnight is at most 14 hours from that of UTC.
  return formatBucket(Date.parse(since) + DAY / 2, DAY, true, Date.now(), UTC);
}
