import { BadCursor } from '../../domain/errors';

/** Returns the match of a page's `nextCursor`. Throws `BadCursor` when it does not have that form. */
export function matchCursor(cursor: string, form: RegExp): RegExpExecArray {
  const match = form.exec(cursor);
  if (!match) throw new BadCursor();
  return match;
}

/** Parses the cursor of a list that is ordered by time and id. Throws `BadCursor`. */
export function parseTimeAndId(cursor: string): [time: number, id: number] {
  const [, time, id] = matchCursor(cursor, /^(\d{1,15})-(\d{1,15})$/);
  return [Number(time), Number(id)];
}
