import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: the folder that holds package.json. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** @param {...string} parts A path inside the checkout. */
export const inRoot = (...parts) => path.join(root, ...parts);

/** The folder that Next's standalone build is served from, with the build's additions. */
export const standalone = inRoot('.next/standalone');
export const programs = path.join(standalone, 'worker');
export const worker = path.join(programs, 'ingest-worker.mjs');
export const gatedServer = path.join(programs, 'gated-server.mjs');
/** What browsers load of a build, packed too. Next would serve a folder named `static` by itself. */
export const filesFolder = path.join(standalone, 'built');

/** The packages of the tools in use, and the file in each that Node runs. */
const TOOLS = {
  biome: '@biomejs/biome/bin/biome',
  knip: 'knip/bin/knip.js',
  next: 'next/dist/bin/next',
  playwright: '@playwright/test/cli.js',
  tsc: '@typescript/native/bin/tsc',
  vitest: 'vitest/vitest.mjs',
};

/**
 * Returns a command that runs an installed tool: by its own file, since `node_modules/.bin` has shell scripts on
 * Windows, and neither a shell nor npx should be involved.
 * @param {keyof typeof TOOLS} name
 * @param {...string} args
 * @returns {[string, string[]]} Program and arguments, as `run` takes them.
 */
export const tool = (name, ...args) => [
  process.execPath,
  [inRoot('node_modules', TOOLS[name]), ...args],
];
