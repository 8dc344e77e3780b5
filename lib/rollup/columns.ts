/**
 * Rows as columns in one blob: what makes a million hits cheap to write and a range cheap to add up, since a column is
 * read by laying a typed array over the bytes. Widest columns first, so every one is aligned; little-endian, as every
 * machine Node runs on is.
 */
const TYPES = {
  f64: Float64Array,
  u32: Uint32Array,
  u16: Uint16Array,
  u8: Uint8Array,
} as const;
const WIDEST_FIRST = ['f64', 'u32', 'u16', 'u8'] as const;

type ColumnType = keyof typeof TYPES;
export type Schema = Readonly<Record<string, ColumnType>>;
export type Columns<S extends Schema> = { [K in keyof S]: InstanceType<(typeof TYPES)[S[K]]> };

type Layout = { columns: [name: string, type: ColumnType][]; rowBytes: number };
const layouts = new WeakMap<Schema, Layout>();

/** Returns how a schema's columns are arranged. */
function layoutOf(schema: Schema): Layout {
  const known = layouts.get(schema);
  if (known) return known;
  const entries = Object.entries(schema);
  const layout = {
    columns: WIDEST_FIRST.flatMap((type) => entries.filter(([, t]) => t === type)),
    rowBytes: entries.reduce((sum, [, t]) => sum + TYPES[t].BYTES_PER_ELEMENT, 0),
  };
  layouts.set(schema, layout);
  return layout;
}

/** Bytes that `rows` rows of the schema take. */
export const packedSize = (schema: Schema, rows: number) => layoutOf(schema).rowBytes * rows;

/** Columns of zeros. */
export function emptyColumns<S extends Schema>(schema: S, rows: number): Columns<S> {
  return unpackColumns(schema, new Uint8Array(packedSize(schema, rows)), 0, rows);
}

/** The columns, copied into ones with room for `capacity` rows. */
export function grownColumns<S extends Schema>(
  schema: S,
  columns: Columns<S>,
  capacity: number,
): Columns<S> {
  const grown = emptyColumns(schema, capacity);
  for (const name of Object.keys(schema)) grown[name as keyof S].set(columns[name] as Uint8Array);
  return grown;
}

/** The first `rows` rows, as bytes to be copied: of columns without further room, these are their own. */
export function packColumns<S extends Schema>(
  schema: S,
  columns: Columns<S>,
  rows: number,
): Uint8Array {
  const first = columns[layoutOf(schema).columns[0]?.[0] ?? ''];
  if (first?.length === rows) {
    return new Uint8Array(first.buffer, first.byteOffset, packedSize(schema, rows));
  }
  const packed = new Uint8Array(packedSize(schema, rows));
  const target = unpackColumns(schema, packed, 0, rows);
  for (const name of Object.keys(schema)) {
    target[name as keyof S].set((columns[name] as Uint8Array).subarray(0, rows));
  }
  return packed;
}

/** Views over packed bytes (copied first only if they are not aligned). Throws `RangeError` when they are too short. */
export function unpackColumns<S extends Schema>(
  schema: S,
  bytes: Uint8Array,
  offset: number,
  rows: number,
): Columns<S> {
  const aligned = (bytes.byteOffset + offset) % 8 === 0 ? bytes : bytes.slice(offset);
  let at = aligned === bytes ? bytes.byteOffset + offset : aligned.byteOffset;
  const columns: Record<string, InstanceType<(typeof TYPES)[ColumnType]>> = {};
  const buffer = aligned.buffer as ArrayBuffer;
  for (const [name, type] of layoutOf(schema).columns) {
    columns[name] = new TYPES[type](buffer, at, rows);
    at += TYPES[type].BYTES_PER_ELEMENT * rows;
  }
  return columns as Columns<S>;
}
