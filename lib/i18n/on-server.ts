import { AsyncLocalStorage } from 'node:async_hooks';
import compile from 'icu-minify/compile';
import { processWide } from '../util/process-registry';
import { LANGUAGES, type Language } from './languages';
import { messages } from './messages';
import { type Compiled, readMessagesFrom } from './t';

export { inLanguage } from './t';

const chosen = processWide('language', () => new AsyncLocalStorage<Language>());

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
  within: (language, work) => chosen.run(language, work),
  area: (name, language) => compiledArea(language, name),
});
