import { AsyncLocalStorage } from 'node:async_hooks';
import compile from 'icu-minify/compile';
import { processWide } from '../util/process-registry';
import { LANGUAGES, type Language } from './languages';
import { type Area, messages } from './messages';
import { type Compiled, currentLanguage, readMessagesFrom } from './t';

const chosen = processWide('language', () => new AsyncLocalStorage<Language>());

/** Runs `work`, and everything that follows from it, in a language. */
export function inLanguage<T>(language: Language, work: () => T): T {
  return chosen.run(language, work);
}

/** Returns the messages of areas in the current language, by area: for a browser. */
export function compiledAreas(names: readonly Area[]): Record<string, Compiled> {
  const language = currentLanguage();
  return Object.fromEntries(names.map((name) => [name, compiledArea(language, name)]));
}

const areas = new Map<string, Compiled>();

function compiledArea(language: Language, area: string): Compiled {
  const id = `${language}.${area}`;
  const known = areas.get(id);
  if (known) return known;
  const texts: Record<string, Record<string, string>> = messages[language];
  const entries = Object.entries(texts[area] ?? {});
  const made = Object.fromEntries(
    entries.map(([name, text]) => [name, withNoBreak(compile(text))]),
  );
  areas.set(id, made);
  return made;
}

/** How `icu-minify` writes the number of a plural (`#`). */
const POUND = 0;

/** Returns a message that keeps a number on one line with its noun: `{n, plural, other {# devices}}`. */
function withNoBreak<Node>(node: Node): Node {
  if (Array.isArray(node)) {
    return node.map((part, index) =>
      typeof part === 'string' && node[index - 1] === POUND
        ? part.replace(/^ /, '\u00a0')
        : withNoBreak(part),
    ) as Node;
  }
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([name, part]) => [name, withNoBreak(part)]);
  return Object.fromEntries(entries);
}

readMessagesFrom({
  language: () => chosen.getStore() ?? LANGUAGES[0],
  within: inLanguage,
  message: (key, language) => {
    const dot = key.indexOf('.');
    return compiledArea(language, key.slice(0, dot))[key.slice(dot + 1)];
  },
});
