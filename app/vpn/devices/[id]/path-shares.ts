import type { UptimeResponse } from '@/lib/api/health-schemas';
import { PATHS, type Path } from '../../../../lib/domain/device';
import { formatShare } from '../../../../lib/domain/format';

/** Returns the share of the observed time that each path was in use, in the usual order, without those never used. */
export function pathShares(
  { spans }: Pick<UptimeResponse, 'spans'>,
  axis: { from: number; to: number },
): { path: Path; share: number; text: string }[] {
  const lengths = new Map<Path, number>();
  let observed = 0;
  for (const { from, to, path } of spans) {
    const start = Math.max(axis.from, Date.parse(from));
    const length = Math.min(axis.to, Date.parse(to)) - start;
    // A path seen only once has no length, but must not be left out.
    const counted = Math.max(1, length);
    if (length < 0) continue;
    observed += counted;
    lengths.set(path, (lengths.get(path) ?? 0) + counted);
  }
  return PATHS.flatMap((path) => {
    const length = lengths.get(path);
    if (length === undefined) return [];
    return [{ path, share: length / observed, text: formatShare(length / observed) }];
  });
}
