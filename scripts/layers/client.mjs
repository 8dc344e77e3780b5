import fs from 'node:fs';
import path from 'node:path';
import { isTypeOnly } from './graph.mjs';
import { ENTRIES, TEST_NAME } from './rules.mjs';

/** @typedef {import('./graph.mjs').Module} Module */

const DIRECTIVE = /^(\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*(['"])use client\2/;

/**
 * Finds the files of `app` that are sent to browsers: those that begin with 'use client', and everything they import
 * from `app`.
 * @param {string} checkout
 * @param {Module[]} modules
 * @returns {Map<string, string | null>} Each with the client file that imports it; null where it says so itself.
 */
export function clientFiles(checkout, modules) {
  const ours = modules.filter(
    ({ source }) => source.startsWith('app/') && !new RegExp(TEST_NAME).test(source),
  );
  const bySource = new Map(ours.map((module) => [module.source, module]));
  /** @type {Map<string, string | null>} */
  const found = new Map();
  for (const { source } of ours) {
    if (!/[.]tsx?$/.test(source)) continue;
    if (DIRECTIVE.test(fs.readFileSync(path.join(checkout, source), 'utf8')))
      found.set(source, null);
  }
  // A map is iterated in the order of insertion, including entries added meanwhile.
  for (const source of found.keys()) {
    for (const dependency of bySource.get(source)?.dependencies ?? []) {
      const { resolved } = dependency;
      const isCode = bySource.has(resolved) && !new RegExp(ENTRIES).test(resolved);
      if (isCode && !isTypeOnly(dependency) && !found.has(resolved)) found.set(resolved, source);
    }
  }
  return found;
}
