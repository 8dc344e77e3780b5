import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT, modelCheckout } from './model-checkout.ts';

let checkout: ReturnType<typeof modelCheckout>;
beforeAll(() => {
  checkout = modelCheckout();
});
afterAll(() => checkout.remove());

/** Returns a TypeScript file of a layer. */
const plant = (layer: string, text: string, file = 'x.ts') =>
  checkout.refusing({ [`${layer}/${file}`]: `${text}\n` });

describe('lib/domain imports nothing, in whatever form', () => {
  it.each([
    "import { thing } from '../log/thing';",
    "import '../log/thing';",
    "import log from '../log/thing';",
    "import * as log from '../log/thing';",
    "import type { Thing } from '../log/thing';",
    "import { type Thing } from '../log/thing';",
    "export type X = import('../log/thing').Thing;",
    "export function f(a: { b: Array<import('../log/thing').Thing> }) { return a; }",
    "export type X = typeof import('../log/thing');",
    "await import('../log/thing');",
    "export const f = async () => { if (f) return (await import('../log/thing')).thing; };",
    'await import(`../log/thing`);',
    "const log = require('../log/thing');",
    "import log = require('../log/thing');",
    "export { thing } from '../log/thing';",
    "export * from '../log/thing';",
    "export * as log from '../log/thing';",
    "export type { Thing } from '../log/thing';",
    "import { thing } from '@/lib/log/thing';",
    "import type { Thing } from '@/lib/log/thing';",
    "import '../../app/../lib/log/thing';",
    '/// <reference path="../log/thing.ts" />',
    "import fs from 'node:fs';",
    "import fs from 'fs';",
    "export const fs = process.getBuiltinModule('node:fs');",
    "import * as z from 'zod';",
  ])('%s', async (text) => {
    expect(await plant('lib/domain', text)).toContain('lib/domain');
  });

  it.each([
    ['a/b/x.ts', "import '../../../log/thing';"],
    ['x.tsx', "import '../log/thing';\nexport const x = <p>import</p>;"],
    ['x.mjs', "/** @type {import('../log/thing').Thing} */\nlet x;"],
    ['x.mjs', "/** @import { Thing } from '../log/thing' */\nlet x;"],
  ])('%s: %s', async (file, text) => {
    expect(await plant('lib/domain', text, file)).toContain('lib/domain');
  });
});

describe('each layer keeps to its list', () => {
  it.each([
    ['lib/util', "import '../domain/thing';"],
    ['lib/config', "import type { Thing } from '../alerts/thing';"],
    ['lib/log', "import '../config/thing';"],
    ['lib/tailscale', "import '../store/ports/thing';"],
    ['lib/access-log', "import '../store/ports/thing';"],
    ['lib/rollup', "import '../store/sqlite/thing';"],
    ['lib/rollup', "import type { Server } from 'node:http';"],
    ['lib/store/ports', "import '../sqlite/thing';"],
    ['lib/store/sqlite', "import '../influx/thing';"],
    ['lib/store/influx', "import '../../collect/thing';"],
    ['lib/alerts', "import '../store/sqlite/thing';"],
    ['lib/models', "import type { Thing } from '../store/influx/thing';"],
    ['lib/collect', "await import('../store/sqlite/thing');"],
    ['lib/collect', "import '../tailscale/thing';"],
    ['lib/cluster', "import '../collect/thing';"],
    ['lib/identity', "import type { Thing } from '../store/ports/thing';"],
    ['lib/api', "import type { Thing } from '../store/sqlite/thing';"],
    ['lib/api', "import type { Thing } from '../runtime/thing';"],
    ['lib/api', "import { headers } from 'next/headers';"],
    ['lib/runtime', "await import('next/headers');"],
    ['lib/runtime', "import '../../app/thing';"],
    ['app', "import '@/lib/store/sqlite/thing';"],
    ['app', "import { thing } from '@/lib/runtime/thing';"],
    ['scripts', "import '../lib/domain/thing';"],
    ['bench', "import '../app/thing';"],
    ['e2e', "import type { Thing } from '../app/thing';"],
    ['public', "import '../lib/domain/thing';"],
  ])('%s: %s', async (layer, text) => {
    expect(await plant(layer, text)).toContain(layer);
  });

  it.each([
    ['lib/services.ts', "import type { Thing } from './runtime/thing';"],
    ['instrumentation.ts', "await import('./lib/store/sqlite/thing');"],
    ['next.config.ts', "import './lib/domain/thing';"],
  ])('%s: %s', async (file, text) => {
    expect(await checkout.refusing({ [file]: text })).toContain(file);
  });

  it.each([
    ['lib/store/ports', "import { thing } from '../../rollup/thing';"],
    ['lib/store/ports', "import { type Thing, thing } from '../../rollup/thing';"],
    [
      'lib/store/ports',
      "import type { Thing } from '../../rollup/thing';\nexport * from '../../rollup/thing';",
    ],
    ['lib/cluster', "await import('../services');"],
    ['lib/api', "import { thing } from '../store/ports/thing';"],
  ])('%s, which may import types alone: %s', async (layer, text) => {
    expect(await plant(layer, text)).toContain(`${layer} (types)`);
  });
});

describe('browsers get nothing of the server', () => {
  it.each([
    ['app (client) (types)', "import { thing } from '@/lib/api/thing';"],
    ['app (client)', "import '@/lib/identity/current';"],
    ['app (client)', "import type { Thing } from '@/lib/services';"],
    ['app (client)', "import fs from 'node:fs';"],
    ['app (client)', "import 'next/headers';"],
    ['app (client) (types)', "import { served } from './vpn/server';"],
    ['app (client) (types)', "export const f = () => import('./vpn/server');"],
    ['entries', "import Page from './vpn/page';"],
  ])('%s: %s', async (rule, text) => {
    expect(await plant('app', CLIENT + text, 'x.tsx')).toContain(rule);
  });

  it('nor what a client component imports', async () => {
    expect(await plant('app', "import 'next/headers';", 'vpn/words.ts')).toContain('app (client)');
  });

  it('whatever stands before the directive', async () => {
    const text = `// Why.\n/* And\nhow. */\n"use client"\nimport 'next/headers';`;
    expect(await plant('app', text)).toContain('app (client)');
  });
});

describe('cycles', () => {
  const value = (file: string) => `import { thing } from '${file}';\nexport const own = thing;\n`;
  const type = (file: string) =>
    `import type { Thing } from '${file}';\nexport type Own = Thing;\n`;

  it.each<[what: string, rule: string[], planted: Record<string, string>]>([
    ['of two files', ['no cycle'], { 'a.ts': value('./b'), 'b.ts': value('./a') }],
    ['of one file', ['no cycle'], { 'a.ts': value('./a') }],
    [
      'through a dynamic import',
      ['no cycle'],
      { 'a.ts': value('./b'), 'b.ts': "export const f = () => import('./a');\n" },
    ],
    [
      'of values, beside one of types',
      ['no cycle'],
      {
        'a.ts': value('./b') + type('./c'),
        'b.ts': value('./c') + type('./a'),
        'c.ts': value('./a') + type('./b'),
      },
    ],
    [
      'of types between folders',
      ['no cycle of types between folders'],
      { 'a.ts': type('./in/b'), 'in/b.ts': value('../a') },
    ],
    ['of types in a folder, which is allowed', [], { 'a.ts': type('./b'), 'b.ts': value('./a') }],
  ])('%s', async (_what, rules, planted) => {
    const files = Object.entries(planted).map(([file, text]) => [`lib/log/${file}`, text]);
    expect(await checkout.refusing(Object.fromEntries(files))).toEqual(rules);
  });
});

it.each([
  ['a test double in the product', 'test code', 'lib/alerts/x.ts', "import './test-doubles';"],
  ['a contract in it', 'test code', 'lib/runtime/x.ts', "import '../store/contract/thing';"],
  [
    'a test of domain → api',
    'lib/domain (tests)',
    'lib/domain/x.test.ts',
    "import '../api/thing';",
  ],
  ['a file that is not there', 'resolvable', 'lib/domain/x.ts', "import './gone';"],
  ['a computed path', 'computed import', 'lib/api/x.ts', 'export const f = (n) => import(n);'],
  [
    'require renamed',
    'computed import',
    'lib/log/x.ts',
    "import { createRequire } from 'node:module';",
  ],
  ['a folder without a rule', 'no file without a layer', 'lib/misc/x.ts', ''],
  ['a store beside the adapters', 'no file without a layer', 'lib/store/x.ts', ''],
  ['a root file without a rule', 'no file without a layer', 'tool.config.mjs', ''],
])('%s is refused', async (_what, rule, file, text) => {
  expect(await checkout.refusing({ [file]: `${text}\nexport {};\n` })).toContain(rule);
});
