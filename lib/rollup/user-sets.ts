import type { Dictionaries } from './dictionaries';

/** Sets of users, one per row of a bit table: row after row, one bit per user. */
export class UserSets {
  /** How many words a row has. */
  readonly words: number;
  /** By visitor: the word and the bit of its user. */
  private readonly word: Uint32Array;
  private readonly bit: Uint32Array;

  constructor({ user, users }: Pick<Dictionaries, 'user' | 'users'>) {
    this.words = Math.ceil(users.length / 32);
    this.word = user.map((u) => u >>> 5);
    this.bit = user.map((u) => 1 << (u & 31));
  }

  /** Adds the user of a visitor to the set in row `row`. */
  add(table: Uint32Array, row: number, visitor: number): void {
    const at = row * this.words + (this.word[visitor] ?? 0);
    table[at] = (table[at] ?? 0) | (this.bit[visitor] ?? 0);
  }

  /** Returns how many users are in the set in row `row`. */
  size(table: Uint32Array, row: number): number {
    let n = 0;
    for (let at = row * this.words; at < (row + 1) * this.words; at++) {
      for (let word = table[at] ?? 0; word !== 0; word &= word - 1) n++;
    }
    return n;
  }
}
