import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../util/time';
import { type Database, openDatabase } from '../sqlite/driver';
import type { SpooledHit } from './hit-codec';
import { Spool } from './spool';

const aHit = (offset: number): SpooledHit => ({
  ...{ second: 1_000, millisecond: 0, fileKey: 'key', file: 1, offset, visitor: 1, ip: null },
  ...{
    endpoint: '/',
    host: null,
    method: 'GET',
    path: '/',
    status: 200,
    responseMs: 5,
    bytes: 1,
    client: 0,
  },
});

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
    spool.addPast(HOUR, 30);
    const rows = spool.oldest(100);
    expect(rows.map(({ kind }) => kind)).toEqual(['hits', 'lines', 'past']);
    expect(rows[0]).toMatchObject({ hits: [aHit(0), aHit(1)] });
    expect(spool.state()).toMatchObject({ points: 5, oldest: 10 });
    spool.sent(rows.slice(0, 1));
    expect(spool.oldest(100)).toMatchObject([
      { kind: 'lines', bucket: 'rollups', lines: ['a', 'b'] },
      { kind: 'past', hour: HOUR },
    ]);
  });

  it('gives out no more than is asked for, but one row at least', () => {
    for (let i = 0; i < 5; i++) spool.addHits([aHit(i), aHit(i + 10)], i);
    expect(spool.oldest(4)).toHaveLength(2);
    expect(spool.oldest(1)).toHaveLength(1);
  });
});
