import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: the folder that holds package.json. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** @param {...string} parts A path inside the checkout. */
export const inRoot = (...parts) => path.join(root, ...parts);

/** What Next's standalone build is served from, and what the build adds to it. */
export const standalone = inRoot('.next/standalone');
export const programs = path.join(standalone, 'worker');
export const worker = path.join(programs, 'ingest-worker.mjs');

/** An installed command-line tool, run by its file so that no shell and no npx is in between. @param {string} name */
export const tool = (name) => inRoot('node_modules/.bin', name);
