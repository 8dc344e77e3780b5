// `node scripts/check-messages.mjs [folder …]`: finds texts of pages and of faults that are not translated, and texts of
// the catalogs that nothing shows. It knows pages by their source; that no page shows English in Spanish is tested in browsers
// (e2e/spanish.spec.ts).
import fs from 'node:fs';
import path from 'node:path';
import { untranslated } from './messages/untranslated.mjs';
import { untranslatedFaults } from './messages/untranslated-faults.mjs';
import { unused } from './messages/unused.mjs';
import { inRoot, root } from './paths.mjs';

const folders = process.argv.length > 2 ? process.argv.slice(2) : ['app'];
/** The documentation of the API is in English, as are the routes it is made of. */
const ENGLISH = inRoot('app/api-docs/schema-rows.ts');

/** A command's own output. */
const LOGGED = /runtime.migrate[.]ts$/;

const sources = folders
  .flatMap((folder) => filesIn(inRoot(folder)))
  .filter((file) => file !== ENGLISH);
const faults = sources.flatMap((file) => {
  const name = path.relative(root, file).replaceAll(path.sep, '/');
  return untranslated(name, fs.readFileSync(file, 'utf8')).map(
    ({ line, text }) => `${name}:${line}: not translated: ${text}`,
  );
});
if (process.argv.length === 2) {
  for (const file of filesIn(inRoot('lib')).filter((file) => !LOGGED.test(file))) {
    const name = path.relative(root, file).replaceAll(path.sep, '/');
    for (const { line, text } of untranslatedFaults(name, fs.readFileSync(file, 'utf8'))) {
      faults.push(`${name}:${line}: not translated: ${text}`);
    }
  }
  const code = ['app', 'lib'].flatMap((folder) => filesIn(inRoot(folder)));
  faults.push(...unused(inRoot('lib/i18n/messages/en'), code));
}
for (const fault of faults) console.log(fault);
if (faults.length > 0) {
  console.log(`\n${faults.length} texts. lib/i18n/README.md says how a text is shown.`);
  process.exitCode = 1;
}

/** @param {string} place @returns {string[]} Its TypeScript files but tests. */
function filesIn(place) {
  if (fs.statSync(place).isFile()) return [place];
  return fs
    .readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => /[.]tsx?$/.test(name) && !/[.]test[.]tsx?$|(^|[\\/])test-/.test(name))
    .map((name) => path.join(place, name));
}
