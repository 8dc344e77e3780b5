import { CONNECTION_TYPES } from '../../../domain/connection';
import type { ConnectionSums } from '../../../rollup/connection-sums';

const ADDED = ['sent', 'received', 'latency_sum', ...CONNECTION_TYPES];

/** Merges sums of rounds that have the same key. */
export function mergedBy(
  rows: readonly ConnectionSums[],
  key: (row: ConnectionSums) => string,
): ConnectionSums[] {
  const byStart = new Map<string, ConnectionSums>();
  for (const row of rows) {
    const other = byStart.get(key(row));
    byStart.set(key(row), other ? merged(other, row) : row);
  }
  return [...byStart.values()];
}

function merged(a: ConnectionSums, b: ConnectionSums): ConnectionSums {
  const sum = { ...a };
  for (const name of ADDED) sum[name] = Number(a[name]) + Number(b[name]);
  const both = (name: string) => [a[name], b[name]].filter((value) => value !== null).map(Number);
  const least = both('latency_min');
  const most = both('latency_max');
  sum.latency_min = least.length > 0 ? Math.min(...least) : null;
  sum.latency_max = most.length > 0 ? Math.max(...most) : null;
  sum.hostname = String(a.hostname) > String(b.hostname) ? a.hostname : b.hostname;
  return sum;
}
