import type { FoundFile } from './found-file';

const PACKING = /\.(?:gz|bz2|xz|lzma|zstd?|lz4)$/;
/**
 * What rotated names contain: a date with or without a time (logrotate's `dateformat`, rotatelogs, cronolog, kubelet),
 * seconds since 1970 after it or alone, or lumberjack's and timberjack's (Caddy) time with milliseconds and a reason.
 */
const DATE = [
  '\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}(?:-[a-z]+)?',
  '\\d{4}[-._]\\d\\d[-._]\\d\\d(?:-\\d{10}|[-_T]\\d{1,6}|[-_T]\\d\\d[-_:]\\d\\d(?:[-_:]\\d\\d)?)?(?:\\.\\d{1,4})?',
  '\\d{8,14}(?:-\\d{1,10}|[_T]\\d{1,6}Z?)?(?:\\.\\d{1,4})?',
  // Months, days of two-digit years
  '\\d{4}-\\d\\d|\\d{6}',
  // The day first
  '\\d\\d[-.]\\d\\d[-.]\\d{4}',
].join('|');
/** `.1`, `-20251021`, `_2026-11-16`: after the log's whole name. */
const BEHIND = new RegExp(`^(.+?)(?:[.-](\\d{1,5})|[._-]{1,2}(${DATE}))$`);
/** `access.1.log`, `access-20261112.log`: before its extension (logrotate's `extension`, Caddy). */
const WITHIN = new RegExp(`^(.+?)(?:\\.(\\d{1,5})|[._-]{1,2}(${DATE}))(\\.[a-z]{2,5})$`);

/** A rotated file's name in parts. `packing` is `.gz` and the like, or an empty string. */
export type RotatedName = {
  base: string;
  stamp: string;
  packing: string;
  /** The stamp is inside the name, which might as well be another log's (`worker.1.log`). */
  within: boolean;
};

/** Returns `null` for a name that is not one of a rotated file. */
export function rotatedName(name: string): RotatedName | null {
  const packing = packingOf(name);
  const plain = name.slice(0, name.length - packing.length);
  const behind = BEHIND.exec(plain);
  if (behind !== null) {
    const [, base = '', counter, date] = behind;
    return { base, stamp: counter ?? date ?? '', packing, within: false };
  }
  const parts = WITHIN.exec(plain);
  if (parts === null) return null;
  const [, base = '', counter, date, extension = ''] = parts;
  return { base: base + extension, stamp: counter ?? date ?? '', packing, within: true };
}

/** Returns the extension that shows that the file is compressed: `.gz` and the like, or an empty string. */
export function packingOf(name: string): string {
  return PACKING.exec(name)?.[0] ?? '';
}

/** Returns whether it is a counter (`.1` is the newest) rather than a date. */
function isCounter(stamp: string): boolean {
  return stamp.length <= 5;
}

type Rotated = Pick<FoundFile, 'path' | 'rotated' | 'modified'> & { stamp: string };

/**
 * Sorts oldest first: counters descending, dates ascending, the log's own file last. Where a log has both kinds of
 * names, they cannot be compared, and the time of the last write decides.
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
      return dateOf(a.stamp).localeCompare(dateOf(b.stamp)) || a.path.localeCompare(b.path);
    });
}

/** Returns a date so that `2025-10-21`, `20251021` and seconds since 1970 compare alike. */
function dateOf(stamp: string): string {
  const digits = stamp.replace(/^(\d\d)[-.](\d\d)[-.](\d{4})/, '$3$2$1').replace(/\D/g, '');
  return /^1\d{9}$/.test(stamp)
    ? new Date(Number(stamp) * 1_000).toISOString().replace(/\D/g, '')
    : digits;
}
