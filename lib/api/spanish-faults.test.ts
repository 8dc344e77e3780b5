import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { isAppError } from '../domain/errors';
import { spoken, verbatim } from '../domain/said';
import { inLanguage } from '../i18n/on-server';
import { actions } from './actions';
import { parseInput, parseQuery, rangeOf } from './query';
import { routes } from './routes';

/** Words that only English has, and no name of a parameter or value is. */
const ENGLISH =
  /(?<![\w/:-])(the|is|are|must|of|and|or|not|with|from|this|that|has|have|been|for|than|at|least|most|expected|invalid|received|too|big|small|given|there|one)(?![\w:-])/i;
const BAD = [
  '',
  'x'.repeat(5_000),
  '-1',
  '1.5',
  'never',
  '\u0000',
  '2026-13-45T00:00Z',
  '9'.repeat(9),
];

/** Returns what is said of faulty input in Spanish: the message alone, without the name that it continues. */
function saidOf(work: () => unknown): string[] {
  return inLanguage('es', () => {
    try {
      work();
      return [];
    } catch (error) {
      if (!isAppError(error)) throw error;
      return error.faults.map(({ message }) => spoken(verbatim(message)));
    }
  });
}

const shapeOf = (schema: z.ZodType) => (schema instanceof z.ZodObject ? schema.shape : {});

describe('in Spanish, what is wrong with the parameters of', () => {
  it.each(Object.entries(routes))('%s has no English in it', (_, { query }) => {
    const ask = (parameters: string[][]) => () =>
      parseQuery(query, new URLSearchParams(parameters));
    const said = Object.keys(shapeOf(query)).flatMap((name) => [
      ...BAD.flatMap((value) => saidOf(ask([[name, value]]))),
      ...saidOf(
        ask([
          [name, '1'],
          [name, '1'],
        ]),
      ),
    ]);
    said.push(...saidOf(ask([['nonsense', '1']])), ...saidOf(ask([['__proto__', '1']])));
    expect(said.length).toBeGreaterThanOrEqual(2);
    expect([...new Set(said)].filter((text) => ENGLISH.test(text))).toEqual([]);
  });

  const bodies = Object.entries(actions).flatMap(([name, { body }]) =>
    body ? [[name, body] as const] : [],
  );
  it.each(bodies)('the action %s has no English in it', (_, body) => {
    const values = [null, 'text', [], {}, { nonsense: 1 }];
    for (const name of Object.keys(shapeOf(body))) {
      for (const value of [null, 5, -1, 1.5, 1e12, [], {}, ...BAD]) values.push({ [name]: value });
    }
    const said = values.flatMap((value) => saidOf(() => parseInput(body, value)));
    expect(said.length).toBeGreaterThan(0);
    expect([...new Set(said)].filter((text) => ENGLISH.test(text))).toEqual([]);
  });

  it('a range has no English in it, and the API’s own language stays English', () => {
    const ranges = [
      { from: 2, to: 1 },
      { hours: 1, days: 1 },
      { from: 0, to: 4e12 },
    ];
    const said = ranges.flatMap((range) => saidOf(() => rangeOf(range, 24, 5e12)));
    expect(said).toHaveLength(3);
    expect(said.filter((text) => ENGLISH.test(text))).toEqual([]);
    expect(() =>
      parseQuery(routes['/analytics/devices'].query, new URLSearchParams('a=1')),
    ).toThrow('a is not a parameter of this call');
  });
});
