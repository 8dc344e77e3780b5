import { z } from 'zod';
import { type CellDetails, type Cells, CellTable, unpackAll } from '../../rollup/roll-up';
import type { Numbers } from './hour';
import type { Names } from './names';

/** A roll-up as it lies in InfluxDB: whose it is, what it was made of, and its cells with names instead of our numbers. */
const headSchema = z.object({
  of: z.string(),
  visitors: z.array(z.string()),
  endpoints: z.array(z.string()),
});

export type LoadedRollUp = { of: string; bytes: number; cells: Cells & CellDetails };

/** Packs a table of cells that `names` numbered. `of`: what it was made of; another value means it is out of date. */
export function packRollUp(table: CellTable, of: string, names: Names): Uint8Array {
  const packed = table.pack();
  const { n, cells } = unpackAll(packed);
  const visitors = new Map<number, number>();
  const endpoints = new Map<number, number>();
  const numbered = (map: Map<number, number>, id: number) => {
    const number = map.get(id) ?? map.size;
    map.set(id, number);
    return number;
  };
  for (let i = 0; i < n; i++) {
    cells.visitor[i] = numbered(visitors, cells.visitor[i] ?? 0);
    cells.endpoint[i] = numbered(endpoints, cells.endpoint[i] ?? 0);
  }
  const head = Buffer.from(
    JSON.stringify({
      of,
      visitors: [...visitors.keys()].map((id) => names.visitorKey(id)),
      endpoints: [...endpoints.keys()].map((id) => names.endpointName(id)),
    }),
  );
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(head.length, 0);
  lengths.writeUInt32LE(packed.cells.length, 4);
  return Buffer.concat([lengths, head, packed.cells, packed.details]);
}

/** Throws `RangeError` or `ZodError` when the bytes are none of ours. */
export function unpackRollUp(bytes: Buffer, collector: string, names: Numbers): LoadedRollUp {
  const head = bytes.readUInt32LE(0);
  const middle = 8 + head + bytes.readUInt32LE(4);
  const { of, visitors, endpoints } = headSchema.parse(
    JSON.parse(bytes.subarray(8, 8 + head).toString()),
  );
  // Copies, so that the columns are aligned and are ours to change.
  const all = unpackAll({
    cells: new Uint8Array(bytes.subarray(8 + head, middle)),
    details: new Uint8Array(bytes.subarray(middle)),
  });
  const visitorIds = visitors.map((key) => names.visitor(collector, key));
  const endpointIds = endpoints.map((name) => names.endpoint(name));
  const { visitor, endpoint } = all.cells;
  for (let i = 0; i < all.n; i++) {
    visitor[i] = visitorIds[visitor[i] ?? 0] ?? 0;
    endpoint[i] = endpointIds[endpoint[i] ?? 0] ?? 0;
  }
  return { of, bytes: bytes.length - middle + all.n * 16 + 500, cells: all };
}

/** The sum of roll-ups. */
export function addedUp(parts: Iterable<Cells & CellDetails>): CellTable {
  const table = new CellTable();
  for (const part of parts) table.merge(part);
  return table;
}
