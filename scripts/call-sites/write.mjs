import fs from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';

/** A call of a logger, whose name no minifier changes. */
const CALL = /\.(?:debug|info|warn|error)\(/g;
const OWN = /(?:^|\/)(?:lib|app)\//;

/**
 * A source map, or an index map with one per part of the file (https://tc39.es/ecma426/).
 *
 * @typedef {import('node:module').SourceMapPayload} Payload
 * @typedef {Payload & { sections?: { map: Payload }[] }} BuiltMap
 */

/**
 * Writes beside a built file which logs, as `FILE.sites.json`, where in the sources each of its loggers' calls is: by
 * `line:column` there, from 1, the source, the function around it (`null`: none is known) and the line. The service
 * looks it up (lib/log/call-site.ts): a source map takes tens of megabytes to read.
 *
 * @param {string} file
 * @param {string} map Its source map.
 */
function writeCallSites(file, map) {
  /** @type {BuiltMap} */
  const payload = JSON.parse(fs.readFileSync(map, 'utf8'));
  const positions = new SourceMap(payload);
  /** @type {Record<string, [string, string | null, number]>} */
  const sites = {};
  for (const [index, text] of fs.readFileSync(file, 'utf8').split('\n').entries()) {
    for (const { index: dot } of text.matchAll(CALL)) {
      const entry = positions.findEntry(index, dot + 1);
      if (!('originalSource' in entry) || !OWN.test(entry.originalSource)) continue;
      const { originalSource: source, originalLine } = entry;
      const around = enclosingFunction(sourceOf(payload, source), originalLine);
      sites[`${index + 1}:${dot + 2}`] = [source, around, originalLine + 1];
    }
  }
  if (Object.keys(sites).length === 0) return;
  fs.writeFileSync(`${file}.sites.json`, JSON.stringify(sites));
}

/**
 * Writes the call sites of every built file below a folder that has a source map below another, if there is one.
 *
 * @param {string} folder
 * @param {string} maps
 */
export function writeAllCallSites(folder, maps) {
  if (!fs.existsSync(maps)) return;
  for (const name of fs.readdirSync(maps, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, name.replace(/\.map$/, ''));
    if (/\.m?js\.map$/.test(name) && fs.existsSync(file)) {
      writeCallSites(file, path.join(maps, name));
    }
  }
}

/**
 * @param {BuiltMap} map
 * @param {string} source
 */
function sourceOf({ sections, ...whole }, source) {
  for (const { sources, sourcesContent } of sections?.map(({ map }) => map) ?? [whole]) {
    const text = sourcesContent?.[sources.indexOf(source)];
    if (text) return text;
  }
  return '';
}

/** How a function begins in the sources, as the formatter writes them: a function, an arrow function, a method. */
const BEGINNINGS = [
  /^\s*(?:export )?(?:default )?(?:async )?function\*? ?(\w+)/,
  /^\s*(?:export )?const (\w+) = (?:async )?(?:\(|\w+ =>)/,
  /^\s*(?:(?:private|public|protected|static|override|async|get|set) |\*)*(?!(?:if|for|while|switch|catch|return|await|else)\b)(?!.*=> \{$)(\w+)(?:<.*>)?\([^;]*$/,
];

/**
 * Returns the function that encloses a line (counted from 0) of a source. Names do not survive the minifier, but the
 * source beside the map does. Enclosing lines are indented less.
 *
 * @param {string} source
 * @param {number} line
 * @returns {string | null}
 */
export function enclosingFunction(source, line) {
  const lines = source.split('\n');
  /** @param {number} at */
  const indentOf = (at) => /^\s*/.exec(lines[at] ?? '')?.[0].length ?? 0;
  let indent = indentOf(line);
  for (let at = line - 1; at >= 0 && indent > 0; at--) {
    const text = lines[at] ?? '';
    // A closing bracket that opens again (`): Promise<void> {`) belongs to the function that begins above it.
    if (text.trim() === '' || indentOf(at) >= indent || /^\s*[)}\]]/.test(text)) continue;
    indent = indentOf(at);
    for (const beginning of BEGINNINGS) {
      const name = beginning.exec(text)?.[1];
      if (name) return name;
    }
  }
  return null;
}
