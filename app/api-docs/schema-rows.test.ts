import { expect, test } from 'vitest';
import { describeSchema } from './schema-rows';

test('fields of objects and lists are named by their path', () => {
  expect(
    describeSchema({
      type: 'object',
      properties: {
        plan: { type: 'object', properties: { name: { type: 'string' } } },
        hits: {
          type: 'array',
          items: { type: 'object', properties: { ip: { type: 'string' } } },
        },
      },
    }).map(({ name, type }) => `${name}: ${type}`),
  ).toEqual(['plan.name: string', 'hits: list', 'hits[].ip: string']);
});

test('a list of plain values is one line', () => {
  expect(
    describeSchema({ properties: { tags: { type: 'array', items: { type: 'string' } } } }),
  ).toEqual([{ name: 'tags', type: 'list of string', note: '' }]);
});

test('null, choices, bounds and defaults are said', () => {
  expect(
    describeSchema({ anyOf: [{ type: 'number' }, { type: 'null' }], description: 'ms' }),
  ).toEqual([{ name: '', type: 'number or null', note: 'ms' }]);
  expect(describeSchema({ type: ['string', 'null'] })[0]?.type).toBe('string or null');
  expect(describeSchema({ type: 'string', default: '' })[0]?.type).toBe('string, default empty');
  expect(describeSchema({ type: 'string', enum: ['a', 'b'], default: 'a' })[0]?.type).toBe(
    'a, b, default a',
  );
  expect(describeSchema({ type: 'integer', minimum: 1, maximum: 9 })[0]?.type).toBe(
    'integer, 1 to 9',
  );
});

test('a record of values is one line', () => {
  expect(
    describeSchema({
      type: 'object',
      properties: { by: { additionalProperties: { type: 'integer' } } },
    }),
  ).toEqual([{ name: 'by.*', type: 'integer', note: '' }]);
});
