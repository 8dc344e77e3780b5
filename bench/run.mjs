// `npm run bench -- [name …]`: every measurement, or those named, one after another. Each prints one table.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { findChromium } from '../scripts/chromium.mjs';
import { labVariables } from '../scripts/lab-setup.mjs';
import { inRoot, root, standalone } from '../scripts/paths.mjs';
import { ensureBuilt, ensureInstalled } from '../scripts/prepare.mjs';

const MEASUREMENTS = [
  'parse',
  'ingest',
  'while-ingesting',
  'history',
  'fresh-filters',
  'page',
  'cold-visit',
  'userspace-whois',
  'memory',
  'connections',
  'logs',
  'sidecar',
  'models',
  'traffic-ledger',
  'inventory',
  'influx',
  'cluster',
];

// Where measurements find the lab, if it is running.
Object.assign(process.env, await labVariables());
/** These need a real tailscaled: without the lab they are left out, unless they are named. */
const WITH_LAB = ['sidecar', 'userspace-whois'];
const possible = process.env.LAB_TAILSCALE_SOCKET
  ? MEASUREMENTS
  : MEASUREMENTS.filter((name) => !WITH_LAB.includes(name));
const names = process.argv.length > 2 ? process.argv.slice(2) : possible;
const unknown = names.filter((name) => !MEASUREMENTS.includes(name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are: ${MEASUREMENTS.join(', ')}.`);
  process.exit(1);
}
await ensureInstalled();
await ensureBuilt();

// Beside the server, so that the ingest thread and this process load the same copy of SQLite: two in one process do not
// see each other's locks.
const folder = path.join(standalone, 'bench');
await build({
  entryPoints: names.map((name) => inRoot('bench', `${name}.ts`)),
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
const browser = names.includes('cold-visit') ? await findChromium() : undefined;
for (const name of names) {
  const { status } = spawnSync(process.execPath, [path.join(folder, `${name}.mjs`)], {
    cwd: root,
    env: browser ? { ...process.env, CHROMIUM_PATH: browser } : process.env,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
