import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';

/** Where in our sources a line was logged. */
export type CallSite = { module: string; function: string; line: number };

/** What V8 tells of a frame: https://v8.dev/docs/stack-trace-api; the enclosing position is that of the function's name. */
type Frame = NodeJS.CallSite & {
  getEnclosingLineNumber?(): number | null;
  getEnclosingColumnNumber?(): number | null;
};

const UNKNOWN: CallSite = { module: 'unknown', function: 'anonymous', line: 0 };
/** Places in the built files already looked up: there are as many as there are calls of a logger in the sources. */
const known = new Map<string, CallSite>();
const MOST_KNOWN = 2_000;

/**
 * The place that called `below`, in terms of the sources. The server runs bundled and minified files; their source maps
 * lie beside them and are read once for each place, not kept.
 */
export function callSite(below: (...args: never[]) => unknown): CallSite {
  const frame = callerOf(below);
  const file = frame?.getFileName();
  if (!frame || !file) return UNKNOWN;
  const key = `${file}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
  const found = known.get(key);
  if (found) return found;
  const site = original(frame, file);
  if (known.size < MOST_KNOWN) known.set(key, site);
  return site;
}

function callerOf(below: (...args: never[]) => unknown): Frame | undefined {
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

function original(frame: Frame, fileOrUrl: string): CallSite {
  const file = fileOrUrl.replace(/^file:\/\//, '');
  const line = frame.getLineNumber() ?? 0;
  const built = { module: moduleOf(file), function: frame.getFunctionName() || 'anonymous', line };
  try {
    const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
    const entry = map.findEntry(line - 1, (frame.getColumnNumber() ?? 1) - 1);
    if (!('originalSource' in entry)) return built;
    const head = map.findEntry(
      (frame.getEnclosingLineNumber?.() ?? 0) - 1,
      (frame.getEnclosingColumnNumber?.() ?? 0) - 1,
    );
    return {
      module: moduleOf(entry.originalSource),
      function: 'name' in head && head.name ? String(head.name) : built.function,
      line: entry.originalLine + 1,
    };
  } catch {
    // No map beside it: the file runs as it was written.
    return built;
  }
}

/** `lib/collect/ingest` of any spelling of that file's path or URL. */
function moduleOf(file: string): string {
  const inside = /(?:^|\/)((?:lib|app)\/.*)$/.exec(file)?.[1] ?? path.basename(file);
  return inside.replace(/\.[cm]?[jt]sx?$/, '');
}
