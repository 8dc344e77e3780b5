import { packColumns, type Schema, unpackColumns } from './columns';
import type { PackedRollUp } from './roll-up';
import type { CountedHit } from './roll-up-builder';
import { RollUpBuilder } from './roll-up-builder';
import { paddedSize } from './roll-up-layout';

/** The bucket of a response time, as earlier versions counted it. */
const coarseBucket = (ms: number) =>
  ms < 1 ? 0 : Math.min(79, 1 + Math.floor(Math.log2(ms) * 4 + 1e-9));

/** Packs a roll-up of hits as earlier versions did: their rows are the same, and their details had no version. */
export function packedCoarsely(hits: readonly CountedHit[]): PackedRollUp {
  const rows = new RollUpBuilder();
  const keys = new Map<string, { bytes: number; buckets: Map<number, number> }>();
  for (const hit of hits) {
    rows.add(hit);
    const key = `${hit.visitor} ${hit.endpoint} ${hit.status} ${hit.client}`;
    const row = keys.get(key) ?? { bytes: 0, buckets: new Map() };
    keys.set(key, row);
    row.bytes += Math.max(0, hit.bytes);
    const bucket = coarseBucket(hit.responseMs);
    if (hit.responseMs >= 0) row.buckets.set(bucket, (row.buckets.get(bucket) ?? 0) + 1);
  }
  const all = [...keys.values()];
  const latencies = all.flatMap(({ buckets }) => [...buckets].sort(([a], [b]) => a - b));
  const first = packed(
    { bytes: 'f64', latencies: 'u8' },
    { bytes: all.map(({ bytes }) => bytes), latencies: all.map(({ buckets }) => buckets.size) },
  );
  const second = packed(
    { hits: 'u32', bucket: 'u8' },
    { hits: latencies.map(([, n]) => n), bucket: latencies.map(([bucket]) => bucket) },
  );
  const secondAt = 8 + paddedSize(first.length);
  const details = new Uint8Array(secondAt + second.length);
  new DataView(details.buffer).setUint32(0, all.length, true);
  new DataView(details.buffer).setUint32(4, latencies.length, true);
  details.set(first, 8);
  details.set(second, secondAt);
  return { rows: rows.pack().rows, details };
}

function packed(schema: Schema, values: Record<string, number[]>): Uint8Array {
  const rows = Object.values(values)[0]?.length ?? 0;
  const columns = unpackColumns(schema, new Uint8Array(rows * 16), 0, rows);
  for (const [name, column] of Object.entries(values)) columns[name]?.set(column);
  return packColumns(schema, columns, rows);
}
