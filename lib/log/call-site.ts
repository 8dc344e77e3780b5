import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { LRUCache } from '../util/lru';

/** Where in the sources a line was logged. */
export type CallSite = { module: string; function: string; line: number };

/**
 * A map of this project's build: a source map, or an index map with one per part of the file
 * (https://tc39.es/ecma426/).
 */
type BuiltMap = SourceMapPayload & { sections?: { map: SourceMapPayload }[] };

const UNKNOWN: CallSite = { module: 'unknown', function: 'anonymous', line: 0 };
/** Call sites already looked up: there are as many as there are logger calls in the sources. */
const callSites = new LRUCache<string, CallSite>({ max: 2_000 });

/**
 * Returns the place in the sources that called `below`. The server runs bundled and minified files; the source maps
 * beside them are read once per call site, not kept.
 */
export function callSite(below: (...args: never[]) => unknown): CallSite {
  const frame = callerOf(below);
  const file = frame?.getFileName();
  if (!frame || !file) return UNKNOWN;
  const key = `${file}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
  const cached = callSites.get(key);
  if (cached) return cached;
  const site = original(frame, file);
  callSites.set(key, site);
  return site;
}

function callerOf(below: (...args: never[]) => unknown): NodeJS.CallSite | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (_error, frames) => frames;
    Error.captureStackTrace(holder, below);
    const frames = holder.stack;
    return Array.isArray(frames) ? frames[0] : undefined;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function original(frame: NodeJS.CallSite, fileOrUrl: string): CallSite {
  const file = fileOrUrl.replace(/^file:\/\//, '');
  const line = frame.getLineNumber() ?? 0;
  const built = { module: moduleOf(file), function: frame.getFunctionName() || 'anonymous', line };
  try {
    const payload: BuiltMap = JSON.parse(readFileSync(`${file}.map`, 'utf8'));
    const map = new SourceMap(payload);
    const entry = map.findEntry(line - 1, (frame.getColumnNumber() ?? 1) - 1);
    if (!('originalSource' in entry)) return built;
    const { originalSource, originalLine } = entry;
    return {
      module: moduleOf(originalSource),
      function:
        enclosingFunction(sourceOf(payload, originalSource), originalLine) ?? built.function,
      line: originalLine + 1,
    };
  } catch {
    // No map beside it: the file runs as it was written.
    return built;
  }
}

function sourceOf({ sections, ...whole }: BuiltMap, source: string): string {
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
 */
export function enclosingFunction(source: string, line: number): string | null {
  const lines = source.split('\n');
  const indentOf = (at: number) => /^\s*/.exec(lines[at] ?? '')?.[0].length ?? 0;
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

/** Returns `lib/collect/ingest` for any spelling of that file's path or URL. */
function moduleOf(file: string): string {
  const inside = /(?:^|\/)((?:lib|app)\/.*)$/.exec(file)?.[1] ?? path.basename(file);
  return inside.replace(/\.[cm]?[jt]sx?$/, '');
}
