import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Where in the sources a line was logged. */
export type CallSite = { module: string; function: string; line: number };

/** Of a built file, by `line:column` there: source, function around it, line. `scripts/call-sites/write.mjs` writes it. */
type Sites = Record<string, [string, string | null, number]>;

const UNKNOWN: CallSite = { module: 'unknown', function: 'anonymous', line: 0 };
const sitesOf = new Map<string, Sites>();

/** Returns the place in the sources that called `below`. The server runs bundled and minified files. */
export function callSite(below: (...args: never[]) => unknown): CallSite {
  const frame = callerOf(below);
  const file = frame?.getFileName()?.replace(/^file:\/\//, '');
  if (!frame || !file) return UNKNOWN;
  const line = frame.getLineNumber() ?? 0;
  const [source, around, at] = sites(file)[`${line}:${frame.getColumnNumber()}`] ?? [
    file,
    null,
    line,
  ];
  return {
    module: moduleOf(source),
    function: around ?? (frame.getFunctionName() || 'anonymous'),
    line: at,
  };
}

function sites(file: string): Sites {
  const known = sitesOf.get(file) ?? readSites(file);
  sitesOf.set(file, known);
  return known;
}

function readSites(file: string): Sites {
  try {
    return JSON.parse(readFileSync(`${file}.sites.json`, 'utf8'));
  } catch {
    // The file runs as it was written.
    return {};
  }
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

/** Returns `lib/collect/ingest` for any spelling of that file's path or URL. */
function moduleOf(file: string): string {
  const inside = /(?:^|\/)((?:lib|app)\/.*)$/.exec(file)?.[1] ?? path.basename(file);
  return inside.replace(/\.[cm]?[jt]sx?$/, '');
}
