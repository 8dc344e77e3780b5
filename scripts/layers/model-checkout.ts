import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { faultsIn } from './check.mjs';
import { layers } from './rules.mjs';

/** The default content of a file: something to import, and a type. */
const THING = 'export const thing = 1;\nexport type Thing = number;\n';
const PACKAGES = ['next', 'react', 'swr', 'zod', 'pino', 'vitest', '@photostructure/sqlite'];
/** Names in the rules that contain layers, or no code. */
const NO_FOLDER = ['lib', 'lib/store', 'package.json'];

/** Begins a client component. */
export const CLIENT = "'use client';\n";

/** Creates a checkout with a file in each layer, which follows every rule, to which tests add illegal imports. */
export function modelCheckout() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layers-'));
  const write = (file: string, text: string | Buffer) => {
    const target = path.join(folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  };

  write('package.json', '{ "type": "module" }');
  for (const name of PACKAGES) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, THING);
  }
  for (const name of ['headers', 'navigation']) write(`node_modules/next/${name}.js`, THING);
  const named = Object.values(layers).flatMap(({ imports = [], types = [] }) => [
    ...imports,
    ...types,
  ]);
  for (const name of [...Object.keys(layers), ...named])
    if (!NO_FOLDER.includes(name)) write(name.endsWith('.ts') ? name : `${name}/thing.ts`, THING);

  write('app/vpn/page.tsx', "import { screen } from './screen';\nexport default screen;\n");
  write('app/vpn/screen.tsx', `${CLIENT}export { words as screen } from './words';\n`);
  write('app/vpn/words.ts', 'export const words = 1;\n');
  write('app/vpn/server.ts', "export { thing as served } from '../../lib/api/thing';\n");
  write('e2e/fakes/thing.ts', THING);
  write('lib/alerts/test-doubles.ts', "export { thing as alerts } from '../store/sqlite/thing';\n");
  write('lib/alerts/rules.test.ts', "import 'vitest';\nimport './test-doubles';\n");
  write('lib/models/deep/er/math.ts', THING);

  /** Returns the faults while these files are in the checkout, by path and text. */
  async function faultsWith(planted: Record<string, string>) {
    const before = Object.keys(planted).map((file) => {
      const target = path.join(folder, file);
      return { file, target, text: fs.existsSync(target) ? fs.readFileSync(target) : null };
    });
    for (const [file, text] of Object.entries(planted)) write(file, text);
    try {
      return await faultsIn(folder);
    } finally {
      for (const { file, target, text } of before) {
        if (text) write(file, text);
        else fs.rmSync(target);
      }
    }
  }

  return {
    faultsWith,
    /** Returns the names of the rules that refuse these files. */
    refusing: async (planted: Record<string, string>) => [
      ...new Set((await faultsWith(planted)).map(({ rule }) => rule)),
    ],
    remove: () => fs.rmSync(folder, { recursive: true }),
  };
}
