/** The languages that texts exist in, as BCP 47 tags; the first is for readers of any other. */
export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Languages by the names that their own speakers use. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', es: 'Español' };

/** Holds the language that a reader has chosen; without it, the browser's preference counts. */
export const LANGUAGE_COOKIE = 'language';

export const isLanguage = (tag: string | undefined): tag is Language =>
  LANGUAGES.some((language) => language === tag);
