import type { UptimeResponse } from '@/lib/api/health-schemas';
import { PATHS, type Path } from '../../../../lib/domain/device';
import { formatShare } from '../../../../lib/domain/format';

/** How much of the time that somebody looked each path was taken; the usual order, those never taken left out. */
export function pathShares(
  { spans }: Pick<UptimeResponse, 'spans'>,
  axis: { from: number; to: number },
): { path: Path; share: number; text: string }[] {
  const lengths = new Map<Path, number>();
  let seen = 0;
  for (const { from, to, path } of spans) {
    const start = Math.max(axis.from, Date.parse(from));
    const length = Math.min(axis.to, Date.parse(to)) - start;
    // A path seen once has no length, and was there all the same.
    const counted = Math.max(1, length);
    if (length < 0) continue;
    seen += counted;
    lengths.set(path, (lengths.get(path) ?? 0) + counted);
  }
  return PATHS.flatMap((path) => {
    const length = lengths.get(path);
    if (length === undefined) return [];
    return [{ path, share: length / seen, text: formatShare(length / seen) }];
  });
}
