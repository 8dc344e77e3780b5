import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { enclosingFunction } from './call-site';

/** Returns the function enclosing the line (counted from 0) that holds `text` in one of this project's source files. */
function functionOf(file: string, text: string): string | null {
  const source = readFileSync(file, 'utf8');
  const line = source.split('\n').findIndex((each) => each.includes(text));
  expect(line, text).toBeGreaterThan(0);
  return enclosingFunction(source, line);
}

describe('the function a line of a source lies in', () => {
  it.each([
    ['lib/api/note-action.ts', 'log.info(`${actor', 'noteAction'],
    ['lib/collect/scheduler.ts', 'state.name} failed', 'noteFailure'],
    ['lib/identity/gate.ts', 'log.info(`refused', 'refusing'],
    ['lib/collect/tailnet-watch.ts', 'answers again`', 'run'],
    ['lib/runtime/ingest-thread.ts', 'the ingest thread died', 'died'],
    ['lib/identity/tokens.ts', 'cannot be used, so its tokens', 'current'],
    ['lib/runtime/start.ts', 'log.info(startedLine(', 'startCollector'],
    ['lib/alerts/engine.ts', 'log.warn(`alert fired', 'note'],
  ])('%s: %s is in %s', (file, text, name) => {
    expect(functionOf(file, text)).toBe(name);
  });

  it('is none outside of all', () => {
    expect(enclosingFunction('const a = 1;\nlog(a);\n', 1)).toBeNull();
    expect(enclosingFunction('', 7)).toBeNull();
  });
});
