import compile from 'icu-minify/compile';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from './languages';
import { messages } from './messages';
import { inLanguage } from './on-server';
import { requestLanguage } from './request-language';
import { t } from './t';

const texts = (language: (typeof LANGUAGES)[number]) =>
  Object.entries(messages[language]).flatMap(([area, all]) =>
    Object.entries(all).map(([name, text]): [string, string] => [`${area}.${name}`, text]),
  );

/** Returns the names of a message's arguments and tags; `parts` is some of it as `icu-minify` compiles it. */
function namesIn(parts: unknown): string[] {
  if (!Array.isArray(parts)) return [];
  return parts.filter(Array.isArray).flatMap(([name, kind, ...rest]) => {
    const options = typeof kind === 'number' ? Object.values(rest[0] ?? {}) : [[kind, ...rest]];
    return [name, ...options.flatMap(namesIn)];
  });
}

describe.each(LANGUAGES.filter((language) => language !== 'en'))(
  'the catalog of %s',
  (language) => {
    const translated = new Map(texts(language));

    it('has every text, and no other', () => {
      expect([...translated.keys()].sort()).toEqual(
        texts('en')
          .map(([key]) => key)
          .sort(),
      );
    });

    it.each(texts('en'))('%s has the same values', (key, english) => {
      const names = (text: string) => [...new Set(namesIn(compile(text)))].sort();
      expect(names(translated.get(key) ?? '')).toEqual(names(english));
    });
  },
);

describe('the language of a request', () => {
  it.each([
    [undefined, 'es-MX,es;q=0.9,en;q=0.8', 'es'],
    [undefined, 'de,en;q=0.7', 'en'],
    [undefined, 'fr', 'en'],
    [undefined, undefined, 'en'],
    [undefined, '\u0000;;q=', 'en'],
    ['a=b; language=es', 'en', 'es'],
    ['language=xx', 'es', 'es'],
    ['language=__proto__', undefined, 'en'],
  ])('cookie %s, Accept-Language %s: %s', (cookie, accepted, expected) => {
    expect(requestLanguage({ cookie, 'accept-language': accepted })).toBe(expected);
  });
});

it('is kept through what follows from a request', async () => {
  const later = () => new Promise((resolve) => setTimeout(() => resolve(t('format.now')), 5));
  const both = [inLanguage('es', later), inLanguage('en', later)];
  expect(await Promise.all(both)).toEqual(['ahora mismo', 'just now']);
});

it('keeps a number on one line with its noun', () => {
  expect(t('format.weeks', { count: 1234 })).toBe('1,234\u00a0weeks');
  expect(inLanguage('es', () => t('format.weeks', { count: 12_345 }))).toBe('12.345\u00a0semanas');
});
