import { describe, expect, it } from 'vitest';
import { Bounded } from './bounded';

const of = (bytes: number) => ({ bytes });

describe('what is kept', () => {
  it('is what was used last, up to the limit', () => {
    const kept = new Bounded<string, { bytes: number }>(10);
    kept.set('a', of(5));
    kept.set('b', of(5));
    kept.get('a');
    kept.set('c', of(5));
    expect(['a', 'b', 'c'].filter((key) => kept.get(key))).toEqual(['a', 'c']);
  });

  it('has the newest, however large', () => {
    const kept = new Bounded<string, { bytes: number }>(10);
    kept.set('a', of(5));
    kept.set('b', of(50));
    expect([kept.get('a'), kept.get('b')]).toEqual([undefined, of(50)]);
  });

  it('has all that is used while somebody holds on, and the limit again after the last of them', () => {
    const kept = new Bounded<string, { bytes: number }>(10);
    kept.set('before', of(5));
    const release = kept.hold();
    kept.set('a', of(8));
    const releaseSecond = kept.hold();
    kept.set('b', of(8));
    kept.set('c', of(8));
    expect(['before', 'a', 'b', 'c'].filter((key) => kept.get(key))).toEqual(['a', 'b', 'c']);
    release();
    expect(['a', 'b', 'c'].filter((key) => kept.get(key))).toEqual(['a', 'b', 'c']);
    releaseSecond();
    expect(['a', 'b', 'c'].filter((key) => kept.get(key))).toEqual(['c']);
  });
});
