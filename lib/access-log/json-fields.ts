import { JsonMembers, type ValueKind } from './json-members';

/** The meaning of a key: which field it is, and how it ranks among the names for that field. */
export type Meaning<Field> = {
  field: Field;
  rank: number;
  /** Whether a value can be one of this field; otherwise the key means nothing. */
  fits?(text: string): boolean;
};

type Step<Field> = { path: string; meaning: Meaning<Field> | undefined };
type Taken = { text: string | null; kind: ValueKind; rank: number };

/** How deep objects inside objects are followed. */
const DEEPEST = 4;

/**
 * Picks the fields of a flat or nested JSON object by the meaning of their keys. The lines of a log nearly always have
 * the same keys in the same order, so each key is first compared with the one at the same index on the previous line.
 */
export class JsonFields<Field extends string> {
  /** A key occurred twice: with `escape=none`, a client can add one. */
  twice = false;
  /** Fields that have several names on the line, with different values. */
  readonly differing = new Set<Field>();
  /**
   * Of the line: a field that it lacks has no text. Entries stay from line to line: V8 keeps what a cleared Map had
   * alive long enough to be moved to the old generation, whole texts with it, which cost a third of the time.
   */
  private readonly taken = new Map<Field, Taken>();
  private readonly order: Step<Field>[] = [];
  private step = 0;

  /** `meaningOf` is called with a key's path (`a.b` of an object in an object). */
  constructor(private readonly meaningOf: (path: string) => Meaning<Field> | undefined) {}

  /** Reads the object in `line`; returns false when it is not one. */
  read(line: string): boolean {
    for (const taken of this.taken.values()) taken.text = null;
    if (this.differing.size > 0) this.differing.clear();
    this.twice = false;
    this.step = 0;
    const members = new JsonMembers(line, 0);
    if (!this.readObject(members, '', 1)) return false;
    return members.end === line.length || line.substring(members.end).trim() === '';
  }

  /** Returns a field's value as in the line, including escapes; `null` when the line has none. */
  text(field: Field): string | null {
    return this.taken.get(field)?.text ?? null;
  }

  kind(field: Field): ValueKind | undefined {
    const taken = this.taken.get(field);
    return taken === undefined || taken.text === null ? undefined : taken.kind;
  }

  private readObject(members: JsonMembers, parent: string, depth: number): boolean {
    while (members.next()) {
      const { path, meaning } = this.nextStep(members, parent);
      if (members.kind === 'object') {
        if (depth < DEEPEST && !this.readObject(members.members(), `${path}.`, depth + 1)) {
          return false;
        }
      } else if (meaning !== undefined) this.take(meaning, members);
    }
    return !members.broken;
  }

  private nextStep(members: JsonMembers, parent: string): Step<Field> {
    const index = this.step++;
    const before = this.order[index];
    if (before !== undefined && isSame(before.path, parent, members)) return before;
    const path = parent + members.key();
    const step = { path, meaning: this.meaningOf(path) };
    if (index < 200) this.order[index] = step;
    return step;
  }

  private take({ field, rank, fits }: Meaning<Field>, members: JsonMembers): void {
    const text = members.text();
    if (fits !== undefined && !fits(text)) return;
    const taken = this.taken.get(field);
    if (taken === undefined) {
      this.taken.set(field, { text, kind: members.kind, rank });
      return;
    }
    if (taken.text !== null) {
      if (taken.rank === rank) this.twice = true;
      if (isBlank(text)) return;
      if (!isBlank(taken.text)) {
        if (taken.text !== text) this.differing.add(field);
        if (taken.rank <= rank) return;
      }
    }
    taken.text = text;
    taken.kind = members.kind;
    taken.rank = rank;
  }
}

/** Returns whether a value says nothing. */
function isBlank(text: string): boolean {
  return text === '' || text === '-';
}

function isSame(path: string, parent: string, members: JsonMembers): boolean {
  const length = members.keyEnd - members.keyStart;
  if (path.length !== parent.length + length) return false;
  if (parent === '') return members.is(path);
  return path.startsWith(parent) && members.key() === path.slice(parent.length);
}
