/** The middle of the values, the mean of the two middle ones when they are even in number; `null` of none. */
export function median(values: readonly number[]): number | null {
  return middle(values.toSorted((a, b) => a - b));
}

/** The median of values in ascending order. */
export function middle(sorted: readonly number[]): number | null {
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)];
  const lower = sorted[Math.ceil(half) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
