import fs from 'node:fs';
import { builtinModules } from 'node:module';
import { cruise, getAvailableTranspilers } from 'dependency-cruiser';

/**
 * @typedef {import('dependency-cruiser').ICruiseResult} Graph
 * @typedef {import('dependency-cruiser').IModule} Module
 * @typedef {import('dependency-cruiser').IDependency} Dependency
 * @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule
 */

/** Folders without our code, or without anything that is imported. */
const NOT_OURS = new Set(['node_modules', 'data', 'docs', 'test-results', 'playwright-report']);

/** @param {string} checkout @returns {string[]} The folders and files that may hold code. */
const roots = (checkout) =>
  fs
    .readdirSync(checkout, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && !NOT_OURS.has(entry.name))
    .filter((entry) => entry.isDirectory() || /(?<![.]d)[.][cm]?[jt]sx?$/.test(entry.name))
    .map((entry) => entry.name);

/**
 * Reads every import of a checkout, of types too and in any form, and resolves it to a path.
 * @param {string} checkout
 * @param {{ from?: string[], leaveOut?: string, forbidden?: Rule[] }} [options] `from` is where to begin, `leaveOut` a
 *   pattern of files whose own imports are not read.
 * @returns {Promise<Graph>}
 */
export async function graphOf(checkout, { from = roots(checkout), leaveOut, forbidden } = {}) {
  const parser = getAvailableTranspilers().find(({ name }) => name === 'typescript');
  // Without it type imports are missed, and dependency-cruiser does not report that.
  if (!parser?.available) throw new Error('dependency-cruiser does not find the TypeScript API');
  const { output } = await cruise(
    from,
    {
      baseDir: checkout,
      parser: 'tsc',
      tsPreCompilationDeps: true,
      detectJSDocImports: true,
      detectProcessBuiltinModuleCalls: true,
      // Node 20 does not know the last of them, which the SQLite driver imports on a newer Node.
      builtInModules: { override: [...builtinModules, 'node:sqlite'], add: [] },
      doNotFollow: { path: ['^node_modules/', ...(leaveOut ? [leaveOut] : [])] },
      ...(forbidden && { validate: true, ruleSet: { forbidden } }),
      enhancedResolveOptions: {
        exportsFields: ['exports'],
        conditionNames: ['types', 'import', 'require', 'node', 'default'],
      },
    },
    // The alias of tsconfig.json.
    { alias: { '@': checkout } },
  );
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with a report');
  return output;
}

/** @param {Dependency} dependency @returns {boolean} Whether it is gone at run time. */
export const isTypeOnly = ({ dependencyTypes }) => dependencyTypes.includes('type-only');
