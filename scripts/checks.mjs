import { inRoot, tool } from './paths.mjs';
import { run } from './run.mjs';

/** @typedef {{ name: string, commands: [string, string[]][] }} Check */

/** @type {Check} */
const lint = {
  name: 'format and lint',
  commands: [
    tool(
      'biome',
      'ci',
      '--error-on-warnings',
      `--colors=${process.stdout.isTTY ? 'force' : 'off'}`,
    ),
  ],
};
/** @type {Check} */
const types = {
  name: 'types',
  commands: [
    // Generates the types of the routes, which pages are checked against; a fresh clone does not have them.
    tool('next', 'typegen'),
    tool('tsc', '--noEmit'),
    tool('tsc', '--noEmit', '--project', inRoot('scripts')),
  ],
};
/** @type {Check} */
const layers = {
  name: 'layers',
  commands: [[process.execPath, [inRoot('scripts/layers.mjs')]]],
};
/** @type {Check} */
const unused = {
  name: 'unused exports, files and dependencies',
  commands: [tool('knip', '--no-progress', '--treat-config-hints-as-errors')],
};
/** @type {Check} */
const docs = {
  name: 'documentation paths',
  commands: [[process.execPath, [inRoot('scripts/check-docs.mjs')]]],
};
/** @type {Check} */
const words = {
  name: 'words that the glossary rules out',
  commands: [[process.execPath, [inRoot('scripts/check-words.mjs')]]],
};

/** @type {Check} */
const messages = {
  name: 'texts that are not translated, or not shown',
  commands: [[process.execPath, [inRoot('scripts/check-messages.mjs')]]],
};

/** Every check of the code that does not run it. @type {Check[]} */
export const staticChecks = [lint, types, layers, unused, docs, words, messages];

/** @type {Check} */
export const unitTests = { name: 'unit tests', commands: [tool('vitest', 'run')] };

/**
 * Runs one check and prints its name, its result and its duration; and, when it failed, its output.
 * @param {Check} check
 * @returns {Promise<boolean>} Whether it passed.
 */
export async function passes({ name, commands }) {
  const began = Date.now();
  for (const [file, args] of commands) {
    const { code, output } = await run(file, args, {
      capture: true,
      env: { NEXT_TELEMETRY_DISABLED: '1' },
    });
    if (code !== 0) {
      console.log(`✗ ${name} (${seconds(began)})\n\n${output.trimEnd()}\n`);
      return false;
    }
  }
  console.log(`✓ ${name} (${seconds(began)})`);
  return true;
}

/** @param {number} began */
const seconds = (began) => `${((Date.now() - began) / 1000).toFixed(1)} s`;
