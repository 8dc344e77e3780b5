import fs from 'node:fs';
import path from 'node:path';
import { clientFiles } from './client.mjs';
import { cycles } from './cycles.mjs';
import { forbidden, within } from './forbidden.mjs';
import { graphOf } from './graph.mjs';
import { layers, TEST_NAME } from './rules.mjs';

/** @typedef {{ rule: string, why?: string, what: string }} Fault `what` is the import, or what else is wrong. */

/** An import whose path is computed, or a `require` under another name: its target cannot be checked. */
const COMPUTED = /\b(import|require)\s*\(\s*(?![\s)]|'[^']*'|"[^"]*"|`[^`$]*`)|\bcreateRequire\b/;

/**
 * Finds every import of a checkout that the rules do not allow, every cycle, files without a rule and rules without a
 * file.
 * @param {string} checkout
 * @returns {Promise<Fault[]>}
 */
export async function faultsIn(checkout) {
  const app = await graphOf(checkout, { from: ['app'], leaveOut: '^(?!app/)' });
  const sent = clientFiles(checkout, app.modules);
  const rules = forbidden([...sent.keys()]);
  const { modules, summary } = await graphOf(checkout, { forbidden: rules });
  const ours = modules.filter(
    ({ source, coreModule, couldNotResolve }) =>
      !coreModule && !couldNotResolve && !source.startsWith('node_modules/'),
  );
  const files = ours.map(({ source }) => source).filter((file) => /[.][cm]?[jt]sx?$/.test(file));

  return [
    ...summary.violations.map(({ from, to, rule: { name } }) => {
      const by = name.startsWith('app (client)') ? sent.get(from) : null;
      const why = rules.find((rule) => rule.name === name)?.comment;
      return { rule: name, why, what: `${from} → ${to}${by ? ` (sent with ${by})` : ''}` };
    }),
    ...cycles(ours).map(({ name, files: cycle }) => ({ rule: name, what: cycle.join(' → ') })),
    ...computed(checkout, files),
    ...unmatched(files),
  ];
}

/**
 * @param {string} checkout @param {string[]} files @returns {Fault[]} Imports of the product that cannot be checked.
 */
const computed = (checkout, files) =>
  files
    .filter((file) => /^(lib|app)\//.test(file) && !new RegExp(TEST_NAME).test(file))
    .filter((file) => COMPUTED.test(fs.readFileSync(path.join(checkout, file), 'utf8')))
    .map((file) => ({ rule: 'computed import', why: 'nothing can check it', what: file }));

/** @param {string[]} files @returns {Fault[]} Files that no rule is for, and rules for nothing. */
function unmatched(files) {
  const holders = Object.keys(layers).map((name) => ({ name, pattern: new RegExp(within(name)) }));
  return [
    ...files
      .filter((file) => !holders.some(({ pattern }) => pattern.test(file)))
      .map((file) => ({ rule: 'no file without a layer', what: file })),
    ...holders
      .filter(({ pattern }) => !files.some((file) => pattern.test(file)))
      .map(({ name }) => ({ rule: 'no layer without a file', what: name })),
  ];
}
