import { expect, it } from 'vitest';
import {
  decodePointHit,
  decodeSpooledHits,
  encodePointHit,
  encodeSpooledHits,
  type SpooledHit,
  secondsOf,
  timeOf,
} from './hit-codec';

const HIT: SpooledHit = {
  ...secondsOf(1_700_000_000_123),
  ...{ fileKey: 'abc-1', file: 7, offset: 4_096, visitor: 3, ip: '203.0.113.9' },
  ...{ endpoint: '/a', method: 'GET', path: '/a?b=c', status: 200, responseMs: 1.5, bytes: 100 },
  client: 2,
  host: null,
};
/** Written by an earlier version, whose spools and points are read for years. */
const VALUES = '1700000000,123,"abc-1",7,4096,3,"203.0.113.9","/a","GET","/a?b=c",200,1.5,100,2';

it('writes the values of a hit in the order they have always had', () => {
  expect(encodeSpooledHits([HIT, HIT])).toBe(`[[${VALUES}],[${VALUES}]]`);
  expect(encodePointHit(HIT, 'k')).toBe(`[${VALUES.replace(',3,', ',"k",')}]`);
});

it('reads what an earlier version left in the spool', () => {
  expect(decodeSpooledHits(`[[${VALUES}]]`)).toEqual([HIT]);
});

it('gives back what was put in', () => {
  const hosted = { ...HIT, host: 'git.example.org' };
  expect(decodeSpooledHits(encodeSpooledHits([HIT, hosted]))).toEqual([HIT, hosted]);
  expect(decodePointHit(encodePointHit(hosted, 'k'))).toEqual({ ...hosted, visitor: 'k' });
  const absent = { ip: null, method: null, path: null, status: 0, responseMs: -1, bytes: -1 };
  const point = { ...HIT, ...absent, visitor: '100.64.0.2#2' };
  expect(decodePointHit(encodePointHit({ ...HIT, ...absent }, point.visitor))).toEqual(point);
  expect(timeOf(point)).toBe(1_700_000_000_123);
});

it('takes no point of another program for a hit', () => {
  const own = encodePointHit(HIT, 'k');
  for (const other of ['', 'text', '{}', '[]', own.replace(']', ',1]'), own.replace('"k"', '1')]) {
    expect(decodePointHit(other)).toBeNull();
  }
});

it('refuses a damaged spool, so that nothing of it is taken for sent', () => {
  expect(() => decodeSpooledHits('[[1,2]]')).toThrow();
  expect(() => decodeSpooledHits('[')).toThrow();
});
