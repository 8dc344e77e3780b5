/**
 * What a roll-up says it was made of: the stamp of its hours, and how it was counted, so that readers notice one that was
 * made again of the same hits. 1, of which nothing is said: response times in coarse buckets; 2: in fine ones.
 */
const EDITION = 2;
const SEPARATOR = '~';

/** Returns what a roll-up made now of hours with this stamp says. */
export const madeOf = (stamp: string) => `${stamp}${SEPARATOR}${EDITION}`;

/** Returns the stamp of what a roll-up says it was made of. */
export const stampOf = (made: string) => made.split(SEPARATOR, 1)[0] ?? '';

/** Returns how it was counted; more is newer. */
export const editionOf = (made: string) => Number(made.split(SEPARATOR)[1] ?? 1);
