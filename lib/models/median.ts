/** Returns the median of the values: the mean of the two middle ones for an even count, `null` for none. */
export function median(values: readonly number[]): number | null {
  return middle(values.toSorted((a, b) => a - b));
}

/** Returns the median of values in ascending order. */
export function middle(sorted: readonly number[]): number | null {
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)];
  const lower = sorted[Math.ceil(half) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
