import type { FoundFile } from './found-file';

/** `.1`, `.2.gz`, `-20251021`, `-20251021-1698765432.gz`, `.2025-10-21`: what logrotate and its like append. */
const SUFFIX =
  /^(.+?)[.-](\d{1,5}|\d{8,14}(?:-\d{1,10})?|\d{4}-\d\d-\d\d(?:[-T]\d{1,6})?)(\.(?:gz|bz2|xz|zst))?$/;

/** A rotated file's name taken apart. `packing` is `.gz` and the like, or an empty string. */
export type RotatedName = { base: string; stamp: string; packing: string };

/** `null` for a name that is not one of a rotated file. */
export function rotatedName(name: string): RotatedName | null {
  const parts = SUFFIX.exec(name);
  if (parts === null) return null;
  const [, base = '', stamp = '', packing = ''] = parts;
  return { base, stamp, packing };
}

/** A counter (`.1` is the newest) rather than a date. */
function isCounter(stamp: string): boolean {
  return stamp.length <= 5;
}

type Rotated = Pick<FoundFile, 'path' | 'rotated' | 'modified'> & { stamp: string };

/**
 * Oldest first: counters descending, dates ascending, the log's own file last. Where a log has both kinds of names,
 * they cannot be compared, and the time of the last write decides.
 */
export function oldestFirst(files: readonly Rotated[]): number[] {
  const rotated = files.filter((file) => file.rotated);
  const counters = rotated.filter((file) => isCounter(file.stamp)).length;
  const mixed = counters !== 0 && counters !== rotated.length;
  return files
    .map((_, index) => index)
    .sort((x, y) => {
      const a = files[x];
      const b = files[y];
      if (a === undefined || b === undefined) return 0;
      if (a.rotated !== b.rotated) return a.rotated ? -1 : 1;
      if (mixed) return a.modified - b.modified;
      if (counters > 0) return Number(b.stamp) - Number(a.stamp) || a.path.localeCompare(b.path);
      return digits(a.stamp).localeCompare(digits(b.stamp)) || a.path.localeCompare(b.path);
    });
}

/** `2025-10-21` and `20251021` compare alike. */
function digits(stamp: string): string {
  return stamp.replace(/\D/g, '');
}
