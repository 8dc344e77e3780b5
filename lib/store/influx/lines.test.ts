import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { documentFields, documentOf, line, tag, tagKey, text } from './lines';

/** Reads a document's fields as a query returns them. */
const read = (fields: Record<string, string>) =>
  new Map(Object.entries(fields).map(([name, value]) => [name, JSON.parse(value) as string]));

describe('line protocol', () => {
  it('has no tag that swallows what comes after it, or is empty', () => {
    expect(tag('a\\')).toBe('a/');
    expect(tag('a,b=c d')).toBe('a\\,b\\=c\\ d');
    expect(tag('two\nlines')).toBe('two\\ lines');
    expect(tag('')).toBe('-');
    expect(tag(' ')).toBe('-');
    expect(tag('x'.repeat(9_000)).length).toBe(200);
  });

  it('has no text that ends early', () => {
    expect(text('a"b\\')).toBe('"a\\"b\\\\"');
    expect(text('a\0b')).toBe('"a\ufffdb"');
    expect(text('\ud800')).toBe('"\ufffd"');
  });

  it('finds what no tag can carry by a key of its own', () => {
    expect(tagKey('n123')).toBe('n123');
    const hostile = ['a\\', 'a/\\', 'a\n', 'a ', '', 'x'.repeat(300)];
    const keys = hostile.map(tagKey);
    expect(new Set(keys).size).toBe(hostile.length);
    for (const key of keys) expect(tag(key)).toBe(key);
  });

  it('leaves out what is absent, which is not zero', () => {
    const fields = { a: null, b: 0, c: text('x') };
    expect(line('m', { t: 'v' }, fields, '1')).toBe('m,t=v b=0,c="x" 1');
  });
});

describe('a document', () => {
  it('comes back as it was, however long', () => {
    for (const size of [0, 1, 100, 500_000]) {
      const bytes = randomBytes(size);
      expect(documentOf(read(documentFields(bytes)))?.equals(bytes)).toBe(true);
    }
  });

  it('of which half is of another version is none', () => {
    const one = read(documentFields(randomBytes(200_000)));
    const other = read(documentFields(randomBytes(200_000)));
    expect(one.size).toBeGreaterThan(2);
    expect(documentOf(new Map([...one, ['p1', other.get('p1') ?? '']]))).toBeNull();
    one.delete('p0');
    expect(documentOf(one)).toBeNull();
  });
});
