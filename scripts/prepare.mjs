import { buildExists, buildIsStale, installIsStale } from './freshness.mjs';
import { withLock } from './lock.mjs';
import { inRoot } from './paths.mjs';
import { Refusal } from './refusal.mjs';
import { run } from './run.mjs';
import { build } from './standalone.mjs';

/** In the one folder of the build that Next leaves alone when it starts a new one. */
const lock = inRoot('.next/cache/prepare.lock');

/** @param {() => Promise<void>} work */
const alone = (work) =>
  withLock(lock, work, (pid) =>
    console.log(`Waiting for process ${pid}, which is installing or building here …`),
  );

/** Makes node_modules match the lock file; at once when it does already. */
export async function ensureInstalled() {
  if (!installIsStale()) return;
  await alone(async () => {
    if (installIsStale()) await install();
  });
}

/** Makes the build match the sources; at once when it does already. Expects node_modules to be there. */
export async function ensureBuilt() {
  if (!buildIsStale()) return;
  await alone(async () => {
    if (!buildIsStale()) return;
    console.log(buildExists() ? 'Building again: the sources have changed …' : 'Building …');
    await build();
  });
}

/** What `npm run build` does: builds whether or not it is needed. */
export const buildNow = () => alone(build);

async function install() {
  console.log('Installing the packages in package-lock.json (npm ci) …');
  // With NODE_ENV=production npm would leave out what the build needs.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const { code } = npm?.endsWith('.js')
    ? await run(process.execPath, [npm, ...args])
    : await run('npm', args);
  if (code !== 0) {
    throw new Refusal(
      'Installing failed: npm says why above. Put that right and run the command again.',
    );
  }
}
