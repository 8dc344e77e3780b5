import { describe, expect, it } from 'vitest';
import { ChangeLog, withChanges } from './changes';

type Entry = { id: string; n: number };
const key = ({ id }: Entry) => id;
const list = (...entries: [string, number][]): Entry[] => entries.map(([id, n]) => ({ id, n }));

describe('what has changed in a list', () => {
  it('sends each reader what changed since what it has', () => {
    const log = new ChangeLog<Entry>(key);
    expect(log.update(list(['a', 1], ['2', 1], ['1', 1]), 1)).toBe(true);
    expect(log.since(null)).toEqual({
      complete: true,
      changed: list(['a', 1], ['2', 1], ['1', 1]),
    });
    expect(log.update(list(['a', 1], ['2', 1], ['1', 1]), 2)).toBe(false);
    expect(log.since(1)).toEqual({ complete: false, changed: [] });
    expect(log.update(list(['a', 1], ['2', 2], ['1', 1]), 2)).toBe(true);
    expect(log.update(list(['a', 1], ['2', 2], ['1', 3]), 3)).toBe(true);
    expect(log.since(1)).toEqual({ complete: false, changed: list(['2', 2], ['1', 3]) });
    expect(log.since(2)).toEqual({ complete: false, changed: list(['1', 3]) });
    expect(log.since(3)).toEqual({ complete: false, changed: [] });
  });

  it.each([
    ['comes', list(['a', 1], ['b', 1], ['c', 1])],
    ['goes', list(['a', 1])],
    ['changes places', list(['b', 1], ['a', 1])],
    ['goes as the last one', []],
  ])('is the whole list when an entry %s', (_what, next) => {
    const log = new ChangeLog<Entry>(key);
    log.update(list(['a', 1], ['b', 1]), 1);
    expect(log.update(next, 2)).toBe(true);
    expect(log.since(1)).toEqual({ complete: true, changed: next });
    expect(log.since(2)).toEqual({ complete: false, changed: [] });
  });

  it('makes of the list of a reader the list as it is, whichever snapshots it missed', () => {
    const log = new ChangeLog<Entry>(key);
    const readers = [3, 4, 7].map((every) => ({ every, at: null as number | null, has: list() }));
    let random = 42;
    const next = (n: number) => {
      random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
      return random % n;
    };
    let now = list(['a', 0], ['b', 0], ['c', 0]);
    for (let revision = 1; revision < 300; revision++) {
      now = now.map((entry) => (next(3) === 0 ? { ...entry, n: next(5) } : entry));
      if (next(10) === 0) now = [...now, { id: `x${revision}`, n: 0 }];
      if (next(10) === 0) now = now.slice(1);
      log.update(now, revision);
      for (const reader of readers) {
        if (revision % reader.every !== 0) continue;
        reader.has = [...withChanges(reader.has, log.since(reader.at), key)];
        reader.at = revision;
        expect(reader.has).toEqual(now);
      }
    }
  });

  it('leaves a list that has not changed the very same', () => {
    const before = list(['a', 1]);
    expect(withChanges(before, { complete: false, changed: [] }, key)).toBe(before);
  });
});
