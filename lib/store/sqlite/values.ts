import { isSaid, type Said } from '../../domain/said';

/** Returns the value of a column that may be NULL. */
export const numberOrNull = (value: unknown) => (value === null ? null : Number(value));
export const textOrNull = (value: unknown) => (value === null ? null : String(value));

/** Returns a text as it was stored, if there is one that this version understands. */
export function saidIn(stored: unknown): { said?: Said } {
  if (typeof stored !== 'string') return {};
  const said: unknown = JSON.parse(stored);
  return isSaid(said) ? { said } : {};
}
