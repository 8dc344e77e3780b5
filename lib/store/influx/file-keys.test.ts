import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../sqlite/driver';
import { FileKeys } from './file-keys';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the key of a log file', () => {
  let db: Database;
  let keys: FileKeys;
  beforeEach(async () => {
    db = await openDatabase(':memory:');
    keys = new FileKeys(db);
  });
  afterEach(() => db.close());

  it('is its first line’s, whatever is added to it and whatever number it has', async () => {
    const key = keys.of(7, base64('first line\nsecond'));
    expect(keys.of(7, base64('first line\nsecond, longer'))).toBe(key);
    const elsewhere = await openDatabase(':memory:');
    expect(new FileKeys(elsewhere).of(1, base64('first line\nquite another'))).toBe(key);
    elsewhere.close();
  });

  it('tells files apart that begin alike', () => {
    expect(new Set([1, 2, 3].map((file) => keys.of(file, base64('same\n')))).size).toBe(3);
  });
});
