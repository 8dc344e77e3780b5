import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enclosingFunction, writeAllCallSites } from './write.mjs';

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

describe('a built file that logs', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'call-sites-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds each of its calls in the sources, bundled and minified', async () => {
    const source = `import { callSite } from '${path.resolve('lib/log/call-site.ts')}';
const log = (level: 'info' | 'warn') => {
  const at = (_message: string) => callSite(at);
  return at;
};
const logger = { info: log('info'), warn: log('warn') };
export function first() {
  return [logger.info('one'), logger.warn('two')];
}
export const second = () => {
  return logger.warn(
    'three',
  );
};
`;
    const sources = path.join(folder, 'lib');
    const entry = path.join(sources, 'speaks.ts');
    await build({
      stdin: { contents: source, sourcefile: entry, loader: 'ts', resolveDir: folder },
      ...{ outfile: path.join(folder, 'built.mjs'), bundle: true, minify: true },
      ...{ platform: 'node', format: 'esm', sourcemap: 'external' },
    });
    writeAllCallSites(folder, folder);
    // In a process of its own: the test runner would transform the file.
    const script = `const { first, second } = await import('${path.join(folder, 'built.mjs')}');
      console.log(JSON.stringify([...first(), second()]));`;
    const run = ['--input-type=module', '--eval', script];
    const module = 'lib/speaks';
    expect(JSON.parse(execFileSync(process.execPath, run, { encoding: 'utf8' }))).toEqual([
      { module, function: 'first', line: 8 },
      { module, function: 'first', line: 8 },
      { module, function: 'second', line: 11 },
    ]);
  });

  it('that logs nothing of its own has no list, and one without a list is named as it is', () => {
    writeFileSync(path.join(folder, 'silent.mjs'), 'export const a = 1;\n');
    const map = {
      version: 3,
      sources: ['lib/a.ts'],
      sourcesContent: [''],
      names: [],
      mappings: '',
    };
    writeFileSync(path.join(folder, 'silent.mjs.map'), JSON.stringify(map));
    writeAllCallSites(folder, folder);
    expect(() => readFileSync(path.join(folder, 'silent.mjs.sites.json'))).toThrow();
  });
});
