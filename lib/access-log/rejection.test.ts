import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ENVOY_REASON, reasonSaid } from '../domain/rejection';
import { spoken } from '../domain/said';
import { inLanguage } from '../i18n/on-server';
import { TIME_NAMES } from './formats/json-names';

/** Every reason that the sources give: a text that a parser returns, with `?` for what was found. */
function reasonsInSources(): string[] {
  const folders = ['.', 'formats', 'settings'].map((name) => path.join(import.meta.dirname, name));
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => path.join(folder, name)),
  );
  const returned =
    /(?:return|[?:])\s+(?:'((?:not|no|a|an|the|can|goes|longer|two) [^']+)'|`((?:not|no|a|an|the|goes|two) [^`]+)`|"(not [^"]+)")(?:;| :)/g;
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(returned)].map(([, plain, template, quoted]) =>
      (plain ?? template ?? quoted ?? '').replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '"?"'),
    ),
  );
}

test('every reason a line is rejected for is the same in English, and translated', () => {
  const reasons = [...new Set([...reasonsInSources(), ENVOY_REASON])];
  expect(reasons.length).toBeGreaterThan(18);
  for (const reason of reasons) {
    const said = reasonSaid(reason);
    expect(spoken(said)).toBe(reason);
    expect(inLanguage('es', () => spoken(said))).not.toBe(reason);
  }
  const noTime = reasonSaid(`no time (${TIME_NAMES.join(', ')})`);
  expect(inLanguage('es', () => spoken(noTime))).toMatch(/^no hay hora \(/);
});

test('what was found is kept as it is, and an unknown reason too', () => {
  const odd = 'not a status: "a: {b} \'c\'"';
  expect(spoken(reasonSaid(odd))).toBe(odd);
  expect(inLanguage('es', () => spoken(reasonSaid(odd)))).toContain('"a: {b} \'c\'"');
  expect(spoken(reasonSaid('a reason of tomorrow'))).toBe('a reason of tomorrow');
});
