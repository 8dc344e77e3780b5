import { BadCursor } from '../../domain/errors';

/** Throws `BadCursor` when it is not a page's `nextCursor`. */
export function parseCursor(cursor: string) {
  const parts = /^(\d{1,15})-(\d{1,10})-(\d{1,15})$/.exec(cursor);
  if (!parts) throw new BadCursor();
  return { time: Number(parts[1]), file: Number(parts[2]), offset: Number(parts[3]) };
}
