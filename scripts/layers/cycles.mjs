import path from 'node:path';
import { isTypeOnly } from './graph.mjs';

/** @typedef {import('./graph.mjs').Module} Module */
/** @typedef {Map<string, string[]>} Edges What each file imports. */

/**
 * Finds the cycles that are not allowed: those of values, and those of types across folders. Done here since
 * dependency-cruiser names one cycle per import, so that a harmless one can hide another.
 * @param {Module[]} modules
 * @returns {{ name: string, files: string[] }[]} A cycle of each group of files that lead to each other.
 */
export function cycles(modules) {
  const values = edges(modules, (dependency) => !isTypeOnly(dependency));
  const all = edges(modules, () => true);
  /** @type {(from: string, to: string) => boolean} */
  const leavesFolder = (from, to) => path.dirname(from) !== path.dirname(to);
  const ofValues = groups(values).flatMap((group) => cycleIn(values, group, () => true));
  const ofTypes = groups(all).flatMap((group) => cycleIn(all, group, leavesFolder));
  return [
    ...ofValues.map((files) => ({ name: 'no cycle', files })),
    ...ofTypes
      .filter((files) =>
        files.some((file, at) => at > 0 && isTypeEdge(values, files[at - 1], file)),
      )
      .map((files) => ({ name: 'no cycle of types between folders', files })),
  ];
}

/** @param {Edges} values @param {string | undefined} from @param {string} to */
const isTypeEdge = (values, from, to) => from !== undefined && !values.get(from)?.includes(to);

/**
 * @param {Module[]} modules
 * @param {(dependency: import('./graph.mjs').Dependency) => boolean} counts
 * @returns {Edges}
 */
const edges = (modules, counts) =>
  new Map(
    modules.map(({ source, dependencies }) => [
      source,
      dependencies.filter(counts).map(({ resolved }) => resolved),
    ]),
  );

/**
 * @param {Edges} imports
 * @param {string[]} group
 * @param {(from: string, to: string) => boolean} through An import that the cycle must hold.
 * @returns {string[][]} The shortest cycle through the first such import, if there is one; it ends where it begins.
 */
function cycleIn(imports, group, through) {
  for (const from of group) {
    const to = imports.get(from)?.find((file) => group.includes(file) && through(from, file));
    if (to) return [[from, ...shortest(imports, to, from)]];
  }
  return [];
}

/** @param {Edges} imports @param {string} from @param {string} to @returns {string[]} The way, both ends included. */
function shortest(imports, from, to) {
  const ways = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const last = /** @type {string} */ (way.at(-1));
    if (last === to) return way;
    for (const next of imports.get(last) ?? []) {
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return [from];
}

/**
 * Returns groups of files that all import each other, directly or indirectly (Tarjan's strongly connected components);
 * a single file counts only if it imports itself.
 * @param {Edges} imports
 * @returns {string[][]}
 */
function groups(imports) {
  /** @type {string[][]} */
  const found = [];
  /** @type {Map<string, number>} */
  const lowest = new Map();
  /** @type {string[]} */
  const open = [];

  /** @param {string} file @returns {number} The earliest open file that it leads to. */
  const visit = (file) => {
    const known = lowest.get(file);
    if (known !== undefined) return known;
    const index = lowest.size;
    lowest.set(file, index);
    const depth = open.push(file) - 1;
    let low = index;
    for (const next of imports.get(file) ?? []) low = Math.min(low, visit(next));
    if (low < index) {
      lowest.set(file, low);
      return low;
    }
    const group = open.splice(depth);
    for (const member of group) lowest.set(member, Number.POSITIVE_INFINITY);
    if (group.length > 1 || imports.get(file)?.includes(file)) found.push(group.sort());
    return Number.POSITIVE_INFINITY;
  };
  for (const file of imports.keys()) visit(file);
  return found;
}
