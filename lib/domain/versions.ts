/** Returns a version as people say it: `1.102.5` of `1.102.5-t0a1b2c3d4-g5e6f7a8b9`. */
export function shortVersion(version: string): string {
  return /^\d+\.\d+(\.\d+)*/.exec(version)?.[0] ?? version;
}

/** Compares versions, for sorting: part by part as numbers. */
export function olderFirst(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : Number(a > b);
}

const parts = (version: string) =>
  shortVersion(version)
    .split('.')
    .map((part) => Number(part) || 0);
