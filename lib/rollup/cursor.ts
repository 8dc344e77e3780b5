import { BadCursor } from '../domain/errors';

/** Where a hit stands in a list of the newest first. */
export type Cursor = { time: number; file: number; offset: number };

/** Negative when `a` comes before `b` in the list. */
export function newerFirst(a: Cursor, b: Cursor): number {
  return b.time - a.time || b.file - a.file || b.offset - a.offset;
}

/** Returns the text that `parseCursor` reads. */
export function formatCursor({ time, file, offset }: Cursor): string {
  return `${time}-${file}-${offset}`;
}

/** Throws `BadCursor` when it is not a page's `nextCursor`. */
export function parseCursor(cursor: string): Cursor {
  const parts = /^(\d{1,15})-(\d{1,10})-(\d{1,15})$/.exec(cursor);
  if (!parts) throw new BadCursor();
  return { time: Number(parts[1]), file: Number(parts[2]), offset: Number(parts[3]) };
}
