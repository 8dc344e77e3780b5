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
    // Writes the types of the routes, which pages are checked against; on a fresh clone nothing else has.
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

/** Everything that can be said about the code without running it. @type {Check[]} */
export const staticChecks = [lint, types, layers, unused, docs];

/** @type {Check} */
export const unitTests = { name: 'unit tests', commands: [tool('vitest', 'run')] };

/**
 * Runs one check and prints its name, how it went and how long it took; and, when it failed, all it said.
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
