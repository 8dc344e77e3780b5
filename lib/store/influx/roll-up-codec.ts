import * as z from 'zod';
import type { HostEndpoint } from '../../domain/access';
import { type RollUp, unpackRollUp } from '../../rollup/roll-up';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import type { Numbers } from './visitor-registry';

/**
 * Precedes the rows of a roll-up in InfluxDB: what it was made of, and the names that the numbers in its rows refer to.
 */
const headerSchema = z.object({
  of: z.string(),
  visitors: z.array(z.string()),
  endpoints: z.array(z.string()),
  /** The host of each endpoint; earlier versions have none. */
  hosts: z.array(z.string().nullable()).default([]),
});

/** The names of the numbers in a roll-up. */
export type NumberedNames = {
  visitorKey(id: number): string;
  endpointOf(id: number): HostEndpoint;
};

/** A roll-up as read, with what it says it was made of (`roll-up-stamp.ts`); `bytes` is its approximate size in memory. */
export type LoadedRollUp = { of: string; bytes: number; rollUp: RollUp };

/**
 * Packs the sum of roll-ups whose numbers are in `names`. `of`: what it was made of; another value means it is out of
 * date.
 */
export function encodeRollUp(
  parts: Iterable<RollUp>,
  of: string,
  names: NumberedNames,
): Uint8Array {
  const sum = new RollUpBuilder();
  for (const part of parts) sum.merge(part);
  const packed = sum.pack();
  const { n, columns } = unpackRollUp(packed);
  const visitors = new Map<number, number>();
  const endpoints = new Map<number, number>();
  const numbered = (map: Map<number, number>, id: number) => {
    const number = map.get(id) ?? map.size;
    map.set(id, number);
    return number;
  };
  for (let i = 0; i < n; i++) {
    columns.visitor[i] = numbered(visitors, columns.visitor[i] ?? 0);
    columns.endpoint[i] = numbered(endpoints, columns.endpoint[i] ?? 0);
  }
  const named = [...endpoints.keys()].map((id) => names.endpointOf(id));
  const header = Buffer.from(
    JSON.stringify({
      of,
      visitors: [...visitors.keys()].map((id) => names.visitorKey(id)),
      endpoints: named.map(({ endpoint }) => endpoint),
      hosts: named.map(({ host }) => host),
    }),
  );
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(header.length, 0);
  lengths.writeUInt32LE(packed.rows.length, 4);
  return Buffer.concat([lengths, header, packed.rows, packed.details]);
}

/** Throws `RangeError` or `ZodError` when the bytes are not a roll-up. */
export function decodeRollUp(bytes: Buffer, collector: string, names: Numbers): LoadedRollUp {
  const header = bytes.readUInt32LE(0);
  const middle = 8 + header + bytes.readUInt32LE(4);
  const { of, visitors, endpoints, hosts } = headerSchema.parse(
    JSON.parse(bytes.subarray(8, 8 + header).toString()),
  );
  // Copies, so that the columns are aligned and may be changed here.
  const all = unpackRollUp({
    rows: new Uint8Array(bytes.subarray(8 + header, middle)),
    details: new Uint8Array(bytes.subarray(middle)),
  });
  const visitorIds = visitors.map((key) => names.visitor(collector, key));
  const endpointIds = endpoints.map((endpoint, i) =>
    names.endpoint({ endpoint, host: hosts[i] ?? null }),
  );
  const { visitor, endpoint } = all.columns;
  for (let i = 0; i < all.n; i++) {
    visitor[i] = visitorIds[visitor[i] ?? 0] ?? 0;
    endpoint[i] = endpointIds[endpoint[i] ?? 0] ?? 0;
  }
  return { of, bytes: bytes.length - middle + all.n * 16 + 500, rollUp: all };
}
