import { client, ENTRIES, layers, TEST_NAME, tests } from './rules.mjs';
import { ours, packages } from './table.mjs';

/**
 * @typedef {import('dependency-cruiser').IRegularForbiddenRuleType} Rule
 * @typedef {Rule['from']} From
 * @typedef {import('./rules.mjs').Layer} Layer
 */

const TESTS = `(^|/)${TEST_NAME}`;
const DOUBLES = '^lib/(|.+/)test-[^/]+[.]ts$';
const CONTRACT = '^lib/store/contract/';

/** @param {string} text @returns {string} A pattern that matches it and nothing else. */
const exactly = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** @param {string} name A folder or a file. @returns {string} A pattern of the paths it holds. */
export const within = (name) => `^${exactly(name)}${/\.\w+$/.test(name) ? '$' : '/'}`;

/** @param {string} name A package, or a part of one such as `next/link`. @returns {string} */
const ofPackage = (name) => `^node_modules/${exactly(name)}[/.]`;

/**
 * Returns the rules of one layer: only what it may import, and no values where it may import only types.
 * @param {string} name
 * @param {From} from
 * @param {Layer} layer
 * @param {string[]} [more] Patterns of what it may import besides.
 * @returns {Rule[]}
 */
function rulesOf(name, from, layer, more = []) {
  const { imports = [], types = [] } = layer;
  const npm = (layer.packages ?? []).filter((known) => known !== 'node:*');
  const whole = [...imports.map(within), ...npm.map(ofPackage), ...more];
  const typed = types.map(within);
  /** @type {Rule['to']} */
  const but = layer.packages?.includes('node:*') ? { dependencyTypesNot: ['core'] } : {};
  /** @type {Rule[]} */
  const rules = [
    {
      name,
      comment: `it may import ${ours(layer)}; packages: ${packages(layer)}`,
      from,
      to: { pathNot: [...whole, ...typed], ...but },
    },
  ];
  if (typed.length > 0)
    rules.push({
      name: `${name} (types)`,
      comment: 'it may import types alone, by `import type`',
      from,
      // Not `import('x').T`: dependency-cruiser treats it and `import('x')` of one file as one dependency.
      to: { path: typed, pathNot: whole, dependencyTypesNot: ['type-only'] },
    });
  return rules;
}

/** Folders whose tests are beside the code. */
const TESTED = /^(lib\/[^.]+|app|scripts)$/;

/** @param {Layer} layer @returns {Layer} What its tests may import. */
const tested = (layer) => ({
  ...layer,
  imports: [...(layer.imports ?? []), ...(tests.imports ?? [])],
  packages: [...(layer.packages ?? []), ...(tests.packages ?? [])],
});

/**
 * Returns the rules of every layer, for its code and its tests.
 * @param {string[]} sent Patterns of the files of `app` that browsers get.
 * @returns {Rule[]}
 */
const ofLayers = (sent) =>
  Object.entries(layers).flatMap(([name, layer]) => {
    const own = within(name);
    if (!TESTED.test(name)) return rulesOf(name, { path: own }, layer, [own]);
    const others = name === 'app' ? [TESTS, ...sent] : TESTS;
    const ofTests = { path: `${own}(|.+/)${TEST_NAME}` };
    return [
      ...rulesOf(name, { path: own, pathNot: others }, layer, [own]),
      ...rulesOf(`${name} (tests)`, ofTests, tested(layer), [own, DOUBLES]),
    ];
  });

/**
 * Returns everything that dependency-cruiser has to refuse.
 * @param {string[]} clientFiles Files of `app` that browsers get.
 * @returns {Rule[]}
 */
export function forbidden(clientFiles) {
  const sent = clientFiles.map(within);
  return [
    ...ofLayers(sent),
    ...(sent.length > 0 ? rulesOf('app (client)', { path: sent }, client) : []),
    {
      name: 'entries',
      comment: 'Next alone imports pages, layouts and routes',
      from: { path: '^app/', pathNot: TESTS },
      to: { path: ENTRIES },
    },
    {
      name: 'test code',
      comment: 'only tests import it',
      from: { path: '^(lib|app|scripts)/', pathNot: [TESTS, CONTRACT] },
      to: { path: [TESTS, CONTRACT] },
    },
    {
      name: 'resolvable',
      comment: 'there is no such file',
      from: {},
      to: { couldNotResolve: true },
    },
  ].map((rule) => ({ severity: 'error', ...rule }));
}
