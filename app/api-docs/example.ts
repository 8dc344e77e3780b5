import type { JsonSchema } from './schema-rows';

/** What a text of a field is like, by what its name ends in; the first that fits. */
const TEXTS: readonly [ending: RegExp, text: string][] = [
  [/(^|_)id$/, 'nDemo02CNTRL'],
  [/hostname$|^device$|^name$/, 'git'],
  [/^user$|login$|actor$/, 'alice@example.com'],
  [/endpoint$|^path$/, '/factory/recipes'],
  [/^ip$|address(es)?$/, '100.64.0.2'],
];

/** Returns a value that a schema allows, to show what an answer looks like. `name` is the field it is for. */
export function exampleOf(schema: JsonSchema, name = ''): unknown {
  const inner = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  if (inner.default !== undefined) return inner.default;
  if (inner.enum) return inner.enum[0];
  if (inner.items) return [exampleOf(inner.items, name)];
  if (inner.properties) {
    const fields = Object.entries(inner.properties);
    return Object.fromEntries(fields.map(([key, field]) => [key, exampleOf(field, key)]));
  }
  if (typeof inner.additionalProperties === 'object') {
    const value = exampleOf(inner.additionalProperties, name);
    const keys = inner.propertyNames?.enum ?? ['key'];
    return Object.fromEntries(keys.map((key) => [key, value]));
  }
  if (inner.format === 'date-time') return '2026-11-26T09:41:00.000Z';
  const types = [inner.type ?? []].flat();
  if (types.includes('boolean')) return true;
  if (types.includes('integer')) return Math.max(3, inner.minimum ?? 0);
  if (types.includes('number')) return Math.min(12.3, inner.maximum ?? 12.3);
  if (types.includes('string')) return TEXTS.find(([ending]) => ending.test(name))?.[1] ?? 'text';
  return null;
}
