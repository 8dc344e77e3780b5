import format, { type CompiledMessage, type FormatOptions } from 'icu-minify/format';
import { processWide } from '../util/process-registry';
import { LANGUAGES, type Language } from './languages';
import type { Area, MessageKey } from './messages';

/** The messages of one area, by name. */
export type Compiled = Record<string, CompiledMessage>;

/** Where this process, or this browser, has its language and its messages from. */
export type Source = {
  language(): Language;
  /** Returns `undefined` when there is no area by that name. */
  area(name: string, language: Language): Compiled | undefined;
  /** Runs `work` in a language; absent where there is only one, as in a browser. */
  within?<T>(language: Language, work: () => T): T;
};

/** Of the whole process: pages, which Next makes programs of their own, have the service's catalogs. */
const source = processWide<{ current: Source | null }>('messages', () => ({ current: null }));

export function readMessagesFrom(chosen: Source): void {
  source.current = chosen;
}

/** Returns the language of the current request or page, or of the message being written; in jobs and logs, English. */
export const currentLanguage = (): Language => source.current?.language() ?? LANGUAGES[0];

/** Runs `work`, and everything that follows from it, in a language. */
export function inLanguage<T>(language: Language, work: () => T): T {
  const { current } = source;
  return current?.within ? current.within(language, work) : work();
}

/** Runs `work` in English, whatever language its caller has: for what is kept or logged. */
export const inEnglish = <T>(work: () => T): T => inLanguage(LANGUAGES[0], work);

/** Returns the messages of areas in the current language, by area: for a browser. */
export function compiledAreas(names: readonly Area[]): Record<string, Compiled> {
  const language = currentLanguage();
  return Object.fromEntries(
    names.map((name) => [name, source.current?.area(name, language) ?? {}]),
  );
}

/** The values of a message's `{names}`. A number is for `plural`; shown ones are formatted before. */
export type Values = Record<string, string | number>;

/** Returns a text in the current language; `key` is its area and name, such as `device.offline`. */
export function t(key: MessageKey, values?: Values): string {
  return translate(key, values) ?? key;
}

/** Returns the text of a key that may be another version's; `null` when there is none here. */
export function translate(key: string, values?: Values): string | null {
  const parts = partsOf<never>(key, values);
  return parts === null ? null : parts.join('');
}

/** A value of a message with tags: what a tag becomes is made of what is inside. */
export type RichValue<Node> = string | number | ((inside: (string | Node)[]) => Node);

/** Returns a message's parts in their order, what its tags become among them; `null` when there is no such message. */
export function partsOf<Node>(
  key: string,
  values: Record<string, RichValue<Node>> = {},
): (string | Node)[] | null {
  const language = currentLanguage();
  const dot = key.indexOf('.');
  const message = source.current?.area(key.slice(0, dot), language)?.[key.slice(dot + 1)];
  if (message === undefined) return null;
  const parts = format<Node>(message, language, values, OPTIONS);
  return Array.isArray(parts) ? parts : [parts];
}

const numbers = new Map<string, Intl.NumberFormat>();
const plurals = new Map<string, Intl.PluralRules>();

function kept<Made>(all: Map<string, Made>, key: string, make: () => Made): Made {
  const known = all.get(key) ?? make();
  all.set(key, known);
  return known;
}

const tag = (locales: Intl.LocalesArgument) => String(locales);

const OPTIONS: FormatOptions = {
  formatters: {
    getNumberFormat: (locale) => kept(numbers, tag(locale), () => new Intl.NumberFormat(locale)),
    getPluralRules: (locale, options) =>
      kept(plurals, `${tag(locale)} ${options?.type}`, () => new Intl.PluralRules(locale, options)),
    getDateTimeFormat: (...args) => new Intl.DateTimeFormat(...args),
  },
};
