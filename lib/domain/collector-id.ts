/**
 * The id of an alert or a mute in API answers: its number, or on a replica `collector/number`, since every collector
 * counts from 1.
 */
export type ShownId = number | string;

/** The same thing as a replica shows it. */
export type Shown<T extends { id: number }> = Omit<T, 'id'> & { id: ShownId };

export const shownId = (collector: string, id: ShownId): ShownId => `${collector}/${id}`;

/** What an id in a request refers to; `collector` is null where it names none. */
export type IdReference = { collector: string | null; id: number };

/** An id on a replica: a collector's name and its number. */
export const SHOWN_ID = /^[\w.-]{1,60}\/\d{1,15}$/;
const EITHER = /^(?:([\w.-]{1,60})\/)?(\d{1,15})$/;

/** Reads `12` or `main/12`; `null` when it is neither. */
export function parseId(text: string): IdReference | null {
  const [, collector = null, digits] = EITHER.exec(text) ?? [];
  const id = Number(digits);
  return id > 0 ? { collector, id } : null;
}

const ROOM = 1_000;

/**
 * Returns the number by which replicas identified an alert or a mute before ids named their collector, so that old
 * links keep working.
 */
export function formerId(collector: string, id: number): number {
  let hash = 0;
  for (const char of collector) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % ROOM;
  return id * ROOM + hash;
}

/** Returns the collector's own number for a former id; `null` when the id is not from that collector. */
export function idBehind(collector: string, former: number): number | null {
  const id = Math.floor(former / ROOM);
  return id > 0 && formerId(collector, id) === former ? id : null;
}
