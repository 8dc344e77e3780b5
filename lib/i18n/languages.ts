/** The languages that texts exist in, as BCP 47 tags; the first is for readers of any other. */
export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Languages by the names that their own speakers use. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', es: 'Español' };

/** Holds the language that a reader has chosen; without it, the browser's preference counts. */
export const LANGUAGE_COOKIE = 'language';

export const isLanguage = (tag: string | undefined): tag is Language =>
  LANGUAGES.some((language) => language === tag);

/**
 * Returns the first language that a setting names and that texts exist in: `es`, `es-MX`, or a list of locales as Linux
 * has it in `LANGUAGE` (`es_ES.UTF-8:en`; https://www.gnu.org/software/gettext/manual/html_node/The-LANGUAGE-variable.html).
 * Another value is no fault, since hosts set it for programs of their own.
 */
export function languageSet(value: string): Language {
  const tags = value.split(':').map((locale) => /^[a-z]+/i.exec(locale.trim())?.[0]?.toLowerCase());
  return tags.find(isLanguage) ?? LANGUAGES[0];
}
