import * as z from 'zod';
import { knownOf } from './snapshot-parts';

/** Of a list whose entries have a key: all of it, or what has changed since the revision that was asked for. */
export type Changes<T> = { complete: boolean; changed: T[] };

export const changesOf = <T extends z.ZodType>(entry: T) =>
  z.object({ complete: z.boolean(), changed: knownOf(entry) });

/** Remembers in which revision each entry of a list was changed last. */
export class ChangeLog<T> {
  private list: readonly T[] = [];
  /** By key. */
  private readonly texts = new Map<string, string>();
  private readonly revisions = new Map<string, number>();
  /** When entries came, went, or changed places last: an older reader gets the whole list. */
  private completeIn = 0;

  constructor(private readonly key: (entry: T) => string) {}

  /** Takes over the list as it is in `revision`; whether it differs from the one before. */
  update(list: readonly T[], revision: number): boolean {
    if (list === this.list) return false;
    const before = this.list.map(this.key);
    this.list = list;
    let isChanged = false;
    for (const entry of list) {
      const key = this.key(entry);
      const text = JSON.stringify(entry);
      if (this.texts.get(key) === text) continue;
      this.texts.set(key, text);
      this.revisions.set(key, revision);
      isChanged = true;
    }
    const isOther = before.length !== list.length || list.some((e, i) => this.key(e) !== before[i]);
    if (!isOther) return isChanged;
    this.completeIn = revision;
    const keys = new Set(list.map(this.key));
    for (const key of before) {
      if (keys.has(key)) continue;
      this.texts.delete(key);
      this.revisions.delete(key);
    }
    return true;
  }

  /** What has changed since a revision; everything when that is `null`. */
  since(revision: number | null): Changes<T> {
    const complete = revision === null || revision < this.completeIn;
    const isNew = (entry: T) => (this.revisions.get(this.key(entry)) ?? 0) > (revision ?? 0);
    return { complete, changed: complete ? [...this.list] : this.list.filter(isNew) };
  }
}

/** The list after the changes; the very same one when there are none. */
export function withChanges<T>(
  before: readonly T[],
  { complete, changed }: Changes<T>,
  key: (entry: T) => string,
): readonly T[] {
  if (complete) return changed;
  if (changed.length === 0) return before;
  const now = new Map(changed.map((entry) => [key(entry), entry]));
  return before.map((entry) => now.get(key(entry)) ?? entry);
}
