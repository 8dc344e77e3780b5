/** Sets of what visitors belong to, users or devices: one set per row of a bit table, one bit per number. */
export class IdSets {
  /** How many words a row has. */
  readonly words: number;
  /** By visitor: the word and the bit of its number. */
  private readonly word: Uint32Array;
  private readonly bit: Uint32Array;

  /** `of`: by visitor, a number below `count`. */
  constructor(of: Uint32Array, count: number) {
    this.words = Math.ceil(count / 32);
    this.word = of.map((number) => number >>> 5);
    this.bit = of.map((number) => 1 << (number & 31));
  }

  /** Adds the number of a visitor to the set in row `row`. */
  add(table: Uint32Array, row: number, visitor: number): void {
    const at = row * this.words + (this.word[visitor] ?? 0);
    table[at] = (table[at] ?? 0) | (this.bit[visitor] ?? 0);
  }

  /** Adds the set in row `row` to the set in row `target` of another table. */
  merge(table: Uint32Array, row: number, into: Uint32Array, target: number): void {
    for (let i = 0; i < this.words; i++) {
      const at = target * this.words + i;
      into[at] = (into[at] ?? 0) | (table[row * this.words + i] ?? 0);
    }
  }

  /** Returns how many are in the set in row `row`. */
  size(table: Uint32Array, row: number): number {
    let n = 0;
    for (let i = 0; i < this.words; i++) n += bits(table[row * this.words + i] ?? 0);
    return n;
  }
}

/** Sets of users, some of whom are people. */
export class UserSets extends IdSets {
  /** The bits of the users who are people. */
  private readonly arePeople: Uint32Array;

  constructor(of: Uint32Array, users: readonly { person: boolean }[]) {
    super(of, users.length);
    const arePeople = new Uint32Array(this.words);
    users.forEach(({ person }, u) => {
      if (person) arePeople[u >>> 5] = (arePeople[u >>> 5] ?? 0) | (1 << (u & 31));
    });
    this.arePeople = arePeople;
  }

  /** Returns how many people are in the set in row `row`. */
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
