import { client, layers, tests } from './rules.mjs';

/** @typedef {import('./rules.mjs').Layer} Layer */

const BEGIN =
  '<!-- layers: written by `npm run layers -- --write` from scripts/layers/rules.mjs -->';
const END = '<!-- /layers -->';

/** @param {string} name A folder or file, as lib/README.md calls it. */
const short = (name) => `\`${name.replace(/^lib\//, '')}\``;

/** @param {string} name */
const row = (name) => (/\.\w+$/.test(name) ? short(name) : `${short(name).slice(0, -1)}/\``);

/** @param {Layer} layer @returns {string} What it may import of ours, in words. */
export function ours({ imports = [], types = [] }) {
  const whole = imports.map(short).join(', ');
  const typed = types.length > 0 ? `types of ${types.map(short).join(', ')}` : '';
  return [whole, typed].filter(Boolean).join('; ') || 'nothing';
}

/** @param {Layer} layer @returns {string} What it may import of others, in words. */
export const packages = ({ packages: names = [] }) =>
  names.map((name) => (name === 'node:*' ? 'Node' : `\`${name}\``)).join(', ') || 'none';

/** @returns {string} The rules as a table in Markdown. */
function table() {
  const rows = [
    ...Object.entries(layers).map(([name, layer]) => ({ name: row(name), layer })),
    { name: '`app/`, in browsers', layer: client },
    { name: 'tests', layer: tests },
  ];
  return [
    '| | what is in it | may import | packages |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ({ name, layer }) => `| ${name} | ${layer.what} | ${ours(layer)} | ${packages(layer)} |`,
    ),
  ].join('\n');
}

/**
 * @param {string} page
 * @returns {string} The page with the table as the rules make it. Throws where the page has no room for it.
 */
export function withTable(page) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`no "${BEGIN}" … "${END}" in lib/README.md`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${table()}\n\n${page.slice(end)}`;
}
