import { expect, it } from 'vitest';
import { untranslatedFaults } from './untranslated-faults.mjs';

const textsIn = (source: string) =>
  untranslatedFaults('lib/some.ts', source).map(({ line, text }) => `${line}: ${text}`);

it('finds English in what readers learn is wrong', () => {
  expect(textsIn("throw new NotFound('There is none');")).toEqual(['1: There is none']);
  expect(textsIn('throw new StoreUnavailable("full", `it is full`);')).toEqual(['1: it is full']);
  expect(
    textsIn("new InvalidInput({\n parameter: 'id',\n message: 'must be a number' });"),
  ).toEqual(['3: must be a number']);
  expect(textsIn("z.string().max(60, 'is too long').regex(/x/, `has none`);")).toEqual([
    '1: has none',
    '1: is too long',
  ]);
  expect(textsIn("z.enum(['a'], { error: 'must be a letter' })")).toEqual(['1: must be a letter']);
  expect(textsIn("faults.push({ line, message: 'has no time' });")).toEqual(['1: has no time']);
  expect(textsIn("return { state: 'failed', error: verbatim('it is full') };")).toEqual([
    '1: it is full',
  ]);
  expect(textsIn('const message = "it ends early";')).toEqual(['1: it ends early']);
});

it('finds it in any error of a job, which is shown as why its last run failed', () => {
  const source = "reject(new Error('it took nothing'));";
  const found = [{ line: 1, text: 'it took nothing' }];
  expect(untranslatedFaults('lib/collect/some.ts', source)).toEqual(found);
  expect(untranslatedFaults('lib/otlp/some.ts', source)).toEqual(found);
  expect(textsIn(source)).toEqual([]);
});

it('takes keys, the words of the log and of programming errors for what they are', () => {
  const source = `throw new NotFound(say('area.none', { name: 'two words' }));
    throw new AppError('internal', 'only for the log');
    throw new Error('a bug of ours'); log.warn('it is full');
    z.string().max(60, { error: () => t('faults.cursor') }).describe('the page before');`;
  expect(textsIn(source)).toEqual([]);
});
