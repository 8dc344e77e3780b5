import type { Dictionaries } from './dictionaries';

/** Sets of users, one per row of a bit table: row after row, one bit per user. */
export class UserSets {
  /** How many words a row has. */
  readonly words: number;
  /** By visitor: the word and the bit of its user. */
  private readonly word: Uint32Array;
  private readonly bit: Uint32Array;

  /** The bits of the users who are people. */
  private readonly arePeople: Uint32Array;

  constructor({ user, users }: Pick<Dictionaries, 'user' | 'users'>) {
    this.words = Math.ceil(users.length / 32);
    this.word = user.map((u) => u >>> 5);
    this.bit = user.map((u) => 1 << (u & 31));
    const arePeople = new Uint32Array(this.words);
    users.forEach(({ person }, u) => {
      if (person) arePeople[u >>> 5] = (arePeople[u >>> 5] ?? 0) | (1 << (u & 31));
    });
    this.arePeople = arePeople;
  }

  /** Adds the user of a visitor to the set in row `row`. */
  add(table: Uint32Array, row: number, visitor: number): void {
    const at = row * this.words + (this.word[visitor] ?? 0);
    table[at] = (table[at] ?? 0) | (this.bit[visitor] ?? 0);
  }

  /** Returns how many users are in the set in row `row`. */
  size(table: Uint32Array, row: number): number {
    let n = 0;
    for (let i = 0; i < this.words; i++) n += bits(table[row * this.words + i] ?? 0);
    return n;
  }

  /** Returns how many of them are people. */
  people(table: Uint32Array, row: number): number {
    let n = 0;
    for (let i = 0; i < this.words; i++) {
      n += bits((table[row * this.words + i] ?? 0) & (this.arePeople[i] ?? 0));
    }
    return n;
  }
}

/** Returns how many bits of a word are set. */
function bits(word: number): number {
  let n = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) n++;
  return n;
}
