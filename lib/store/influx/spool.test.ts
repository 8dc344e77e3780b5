import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../sqlite/driver';
import { digest } from './lines';
import { Spool, type SpooledHit } from './spool';

const aHit = (offset: number): SpooledHit => [
  ...([1_000, 0, 'key', 1, offset, 1, null, '/', 'GET', '/', 200, 5, 1, 0] as const),
];
const head = (text: string) => Buffer.from(text).toString('base64');

describe('the spool', () => {
  let folder: string;
  let db: Database;
  let spool: Spool;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'spool-'));
    db = await openDatabase(path.join(folder, 'spool.sqlite'));
    spool = new Spool(db);
  });
  afterEach(async () => {
    db.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('gives back what was put in, in order, and forgets only what was sent', () => {
    spool.addHits([aHit(0), aHit(1)], 10);
    spool.addLines('rollups', ['a', 'b'], 20);
    spool.addPast(3_600_000, 30);
    const rows = spool.head(100);
    expect(rows.map(({ kind }) => kind)).toEqual(['hits', 'lines', 'past']);
    expect(spool.state()).toMatchObject({ points: 5, oldest: 10 });
    spool.sent(rows.slice(0, 1));
    expect(spool.head(100)).toMatchObject([
      { kind: 'lines', bucket: 'rollups', lines: ['a', 'b'] },
      { kind: 'past', hour: 3_600_000 },
    ]);
  });

  it('gives out no more than is asked for, but one row at least', () => {
    for (let i = 0; i < 5; i++) spool.addHits([aHit(i), aHit(i + 10)], i);
    expect(spool.head(4)).toHaveLength(2);
    expect(spool.head(1)).toHaveLength(1);
  });

  it('keeps a roll-up to be made when its hits change while it is being made', () => {
    spool.markToSum(3_600_000, 0);
    const [due] = spool.toSum(3_600_000, 4_000_000, 9);
    spool.markToSum(3_600_000, 0);
    spool.summed(3_600_000, 0, due?.changes ?? 0);
    expect(spool.toSum(3_600_000, 4_000_000, 9)).toHaveLength(1);
    spool.summed(3_600_000, 0, 2);
    expect(spool.toSum(3_600_000, 4_000_000, 9)).toEqual([]);
  });

  it('counts refused points on, however few it keeps', () => {
    for (let i = 0; i < 150; i++)
      spool.reject({ time: i, line: 'x'.repeat(9_000), reason: `r${i}` });
    const { total, samples } = spool.rejected();
    expect(total).toBe(150);
    expect(samples[0]).toMatchObject({ reason: 'r149' });
    expect(samples[0]?.line).toHaveLength(2_000);
  });

  it('calls a file by its first line, whatever is added to it and whatever number it has', async () => {
    const key = spool.fileKey(7, head('first line\nsecond'), digest);
    expect(spool.fileKey(7, head('first line\nsecond, longer'), digest)).toBe(key);
    const elsewhere = await openDatabase(path.join(folder, 'other.sqlite'));
    expect(new Spool(elsewhere).fileKey(1, head('first line\nquite another'), digest)).toBe(key);
    elsewhere.close();
  });

  it('tells files apart that begin alike', () => {
    const keys = [1, 2, 3].map((file) => spool.fileKey(file, head('same\n'), digest));
    expect(new Set(keys).size).toBe(3);
  });
});
