import path from 'node:path';
import { buildExists, buildIsStale, installIsStale } from './freshness.mjs';
import { withLock } from './lock.mjs';
import { inRoot } from './paths.mjs';
import { Refusal } from './refusal.mjs';
import { run } from './run.mjs';
import { build } from './standalone.mjs';

/** In the only folder of the build that Next keeps when it starts a new one. */
const lock = inRoot('.next/cache/prepare.lock');

/** @param {() => Promise<void>} work */
const alone = (work) =>
  withLock(lock, work, (pid) =>
    console.log(`Waiting for process ${pid}, which is installing or building here …`),
  );

/** Makes node_modules match the lock file; returns at once when it already does. */
export async function ensureInstalled() {
  if (!installIsStale()) return;
  await alone(async () => {
    if (installIsStale()) await install();
  });
}

/** Makes the build match the sources; returns at once when it already does. Expects node_modules to exist. */
export async function ensureBuilt() {
  if (!buildIsStale()) return;
  await alone(async () => {
    if (!buildIsStale()) return;
    console.log(buildExists() ? 'Building again: the sources have changed …' : 'Building …');
    await build();
  });
}

/** Runs `npm run build`: builds whether or not it is necessary. */
export const buildNow = () => alone(build);

/**
 * Returns npm's own JavaScript: the npm that runs this script, or on Windows the one that comes with Node, since its
 * command is a batch file there, which only a shell runs. Undefined where `npm` can be run by its name.
 */
function npmScript() {
  const running = process.env.npm_execpath;
  if (running && path.basename(running) === 'npm-cli.js') return running;
  if (process.platform !== 'win32') return undefined;
  return path.join(path.dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js');
}

async function install() {
  console.log('Installing the packages in package-lock.json (npm ci) …');
  // With NODE_ENV=production npm would omit what the build needs.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = npmScript();
  const { code } = npm ? await run(process.execPath, [npm, ...args]) : await run('npm', args);
  if (code !== 0) {
    throw new Refusal('Installing failed: npm says why above. Fix that and run the command again.');
  }
}
