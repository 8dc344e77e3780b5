/** Returns the value that a share `q` of the values does not exceed (nearest rank). */
function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]) => quantile(values, 0.5);
export const p95 = (values: readonly number[]) => quantile(values, 0.95);

/** Formats a number: three significant digits, or whole from a hundred on, with thousands separators. */
export function digits(n: number): string {
  if (n >= 100) return Math.round(n).toLocaleString('en');
  return String(Number(n.toPrecision(n >= 10 ? 3 : 2)));
}
export const ms = (n: number) => `${digits(n)} ms`;
export const seconds = (n: number) => `${digits(n / 1_000)} s`;
export const kilobytes = (n: number) => `${digits(n / 1_000)} kB`;
export const megabytes = (n: number) => `${digits(n / 1_000_000)} MB`;
export const times = (n: number) => `${n.toFixed(n < 10 ? 2 : 1)}×`;
