// Finds the words that docs/GLOSSARY.md rules out (scripts/words/rules.mjs) in comments, texts, names and
// documentation.
// node scripts/check-words.mjs [--count] [FOLDER]   --count: how often in which folder, in place of each one
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './paths.mjs';
import { command } from './refusal.mjs';
import { faultsIn } from './words/find.mjs';
import { EXEMPT, RULES } from './words/rules.mjs';

command(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { count: { type: 'boolean' } },
  });
  const checkout = path.resolve(positionals[0] ?? root);
  const faults = filesUnder(checkout).flatMap((file) =>
    faultsIn(file, fs.readFileSync(path.join(checkout, file), 'utf8')),
  );
  if (values.count) printCounts(faults);
  else {
    for (const { file, line, found, rule } of faults) {
      console.log(`${file}:${line}: "${found}": ${rule.instead}`);
    }
  }
  if (faults.length > 0) process.exit(1);
});

/** @param {string} checkout @returns {string[]} Files from there, with slashes, whatever the system. */
function filesUnder(checkout, folder = '') {
  return fs
    .readdirSync(path.join(checkout, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = path.posix.join(folder, entry.name);
      if (EXEMPT.includes(name) || EXEMPT.includes(entry.name)) return [];
      if (entry.isDirectory()) return filesUnder(checkout, name);
      return entry.isFile() ? [name] : [];
    });
}

/** @param {import('./words/find.mjs').Fault[]} faults */
function printCounts(faults) {
  const rows = RULES.map(({ word }) => ({
    word,
    folders: countBy(faults.filter((fault) => fault.rule.word === word).map(folderOf)),
  }));
  for (const { word, folders } of rows.sort((a, b) => total(b.folders) - total(a.folders))) {
    const list = folders.map(([folder, count]) => `${folder} ${count}`).join(', ');
    console.log(`${String(total(folders)).padStart(5)}  ${word}: ${list}`);
  }
  console.log(`${String(faults.length).padStart(5)}  in all`);
}

/** Lists names separately, since they are changed differently. @param {import('./words/find.mjs').Fault} fault */
function folderOf({ file, kind }) {
  const [folder] = /^(lib\/store\/[^/]+|lib\/[^/]+|[^/]+)(?=\/)/.exec(file) ?? [file];
  return kind === 'name' ? `${folder} (names)` : folder;
}

/** @param {string[]} words @returns {[string, number][]} The most frequent first. */
function countBy(words) {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** @param {[string, number][]} counts */
function total(counts) {
  return counts.reduce((sum, [, count]) => sum + count, 0);
}
