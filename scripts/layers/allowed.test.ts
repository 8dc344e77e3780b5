import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT, modelCheckout } from './model-checkout.ts';
import { layers } from './rules.mjs';
import { withTable } from './table.mjs';

let checkout: ReturnType<typeof modelCheckout>;
beforeAll(() => {
  checkout = modelCheckout();
});
afterAll(() => checkout.remove());

const LEGAL: [file: string, text: string][] = [
  ['lib/domain/x.ts', "import { thing } from './thing';"],
  ['lib/domain/x.ts', "import { thing } from '@/lib/domain/thing';"],
  ['lib/models/deep/x.ts', "import './er/math';\nimport '../thing';"],
  ['lib/log/x.ts', "import { thing } from '../domain/thing';"],
  ['lib/log/x.ts', "import type { Thing } from '../domain/thing';"],
  ['lib/log/x.ts', "export type X = import('../domain/thing').Thing;"],
  ['lib/log/x.ts', "await import('../domain/thing');"],
  ['lib/log/x.ts', "require('../domain/thing');"],
  ['lib/log/x.ts', "export * from '../domain/thing';"],
  ['lib/log/x.ts', "import fs from 'node:fs';\nimport path from 'path';"],
  ['lib/log/x.ts', "import pino from 'pino';"],
  ['lib/config/x.ts', "import json from '../../package.json' with { type: 'json' };"],
  ['lib/tailscale/x.ts', "import '../log/thing';"],
  ['lib/access-log/formats/x.ts', "import '../../util/thing';"],
  ['lib/rollup/x.ts', "import '../domain/thing';\nimport '../util/thing';"],
  ['lib/store/ports/x.ts', "import type { Thing } from '../../rollup/thing';"],
  ['lib/store/sqlite/x.ts', "import '../../rollup/thing';\nimport '../ports/thing';"],
  ['lib/store/sqlite/x.ts', "await import('node:sqlite');\nimport '@photostructure/sqlite';"],
  ['lib/store/influx/x.ts', "import '../sqlite/thing';"],
  ['lib/alerts/channels/x.ts', "import type { Thing } from '../../store/ports/thing';"],
  ['lib/models/x.ts', "import '../store/ports/thing';"],
  ['lib/collect/x.ts', "import '../tailscale/tailscale';"],
  ['lib/collect/x.ts', "import '../alerts/thing';\nimport '../models/thing';"],
  ['lib/cluster/x.ts', "import type { Thing } from '../services';"],
  ['lib/identity/x.ts', "import '../tailscale/tailscale';"],
  ['lib/api/x.ts', "import '../services';\nimport '../identity/current';"],
  ['lib/api/x.ts', "import type { Thing } from '../store/ports/thing';"],
  ['lib/runtime/build/x.ts', "await import('../../store/influx/thing');"],
  ['app/x/page.tsx', "import '@/lib/api/thing';\nimport 'next/headers';"],
  ['app/x/page.tsx', "import { screen } from '../vpn/screen';"],
  ['app/x/page.tsx', "// 'use client'\nimport '@/lib/api/thing';"],
  ['app/x/page.tsx', "export default () => <p>import('y') from 'y'</p>;"],
  ['app/x.tsx', `${CLIENT}import { thing } from '@/lib/domain/thing';`],
  ['app/x.tsx', `${CLIENT}import type { Thing } from '@/lib/api/thing';`],
  ['app/x.tsx', `${CLIENT}import { screen } from './vpn/screen';`],
  ['app/x.tsx', `${CLIENT}import 'react';\nimport 'next/navigation';\nimport 'swr';`],
  ['app/x.tsx', `${CLIENT}import type { served } from './vpn/server';`],
  ['lib/store/sqlite/x.test.ts', "import '../../alerts/test-doubles';"],
  ['lib/store/sqlite/x.test.ts', "import '../contract/thing';\nimport 'vitest';"],
  ['lib/alerts/x.test.ts', "import '../store/sqlite/thing';\nimport '../../e2e/fakes/thing';"],
  ['e2e/live/x.spec.ts', "import '../../lib/store/influx/thing';"],
  ['bench/x.ts', "import '../e2e/fakes/thing';"],
  ['scripts/x.mjs', "import fs from 'node:fs';\nimport './thing.ts';"],
];

describe('a checkout that keeps the rules', () => {
  it('has no fault', async () => {
    expect(await checkout.faultsWith({})).toEqual([]);
  });

  it('has none with every legal import there is', async () => {
    const files = LEGAL.map(([file, text], at) => [file.replace(/\bx\b/, `x${at}`), `${text}\n`]);
    expect(new Set(files.map(([file]) => file)).size).toBe(LEGAL.length);
    expect(await checkout.faultsWith(Object.fromEntries(files))).toEqual([]);
  });
});

describe('the table in lib/README.md', () => {
  const page = fs.readFileSync(new URL('../../lib/README.md', import.meta.url), 'utf8');

  it('is the one that the rules make', () => {
    expect(withTable(page)).toBe(page);
  });

  it('is written again when it differs', () => {
    const other = page.replace('| nothing | none |', '| `api` | none |');
    expect(other).not.toBe(page);
    expect(withTable(other)).toBe(page);
  });

  it('has a row for each layer', () => {
    for (const { what } of Object.values(layers)) expect(page).toContain(`| ${what} |`);
  });
});
