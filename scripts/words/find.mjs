import { proseOf } from './prose.mjs';
import { RULES } from './rules.mjs';

/**
 * A word that is ruled out, `found` as it is written there.
 * @typedef {{ rule: import('./rules.mjs').Rule, kind: string, file: string, line: number, found: string }} Fault
 */

/** A space also matches the end of a line, with the beginning of a comment's next line. @param {string} word */
const spaced = (word) => word.replaceAll(' ', String.raw`(?:\s*\n\s*(?:\*|//)?\s*| )`);

const newlines = (text) => text.split('\n').length - 1;

const patterns = RULES.map((rule) => ({
  rule,
  text: new RegExp(`(?<![\\w-])(?:${spaced(rule.word)})(?![\\w-])`, 'gi'),
  name: new RegExp(`^(?:${rule.word})$`, 'i'),
  allow: rule.allow && new RegExp(rule.allow.source, `${rule.allow.flags}g`),
}));

/** Matches files worth a closer look: most contain none of the words. */
const any = new RegExp(RULES.map(({ word }) => spaced(word)).join('|'), 'i');

/**
 * Finds ruled-out words in a file.
 * @param {string} file From the checkout, with slashes.
 * @param {string} content
 * @returns {Fault[]}
 */
export function faultsIn(file, content) {
  if (!any.test(content) && !any.test(file)) return [];
  const here = patterns.filter(({ rule }) => applies(rule, file));
  return proseOf(file, content).flatMap(({ kind, text, line }) =>
    here.flatMap((pattern) =>
      (kind === 'name' ? inName(pattern, text) : inText(pattern, text)).map(({ found, at }) => ({
        rule: pattern.rule,
        kind,
        file,
        line: line + newlines(text.slice(0, at)),
        found,
      })),
    ),
  );
}

/** @param {import('./rules.mjs').Rule} rule @param {string} file */
function applies({ within, outside = [] }, file) {
  const isIn = (folder) => file === folder || file.startsWith(`${folder}/`);
  return (!within || within.some(isIn)) && !outside.some(isIn);
}

/** Matches within names of several words, such as `doorOf`, `openDoor`, `DOOR_MS` and `wish-board`. */
function inName({ rule, name }, text) {
  if (!rule.names) return [];
  const words = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/);
  return words.some((word) => name.test(word)) ? [{ found: text, at: 0 }] : [];
}

function inText({ text: pattern, allow }, text) {
  const allowed = allow ? [...text.matchAll(allow)] : [];
  const isAllowed = (begin, end) =>
    allowed.some((phrase) => phrase.index <= begin && end <= phrase.index + phrase[0].length);
  return [...text.matchAll(pattern)]
    .filter(({ index, 0: word }) => !isAllowed(index, index + word.length))
    .map(({ index, 0: word }) => ({ found: word.replace(/\s+(\*|\/\/)?\s*/g, ' '), at: index }));
}
