import fs from 'node:fs';
import path from 'node:path';
import { tool } from './paths.mjs';
import { Refusal } from './refusal.mjs';
import { run } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where downloads are blocked, Playwright's must not delay the tests for long. */
const DOWNLOAD_MS = 5 * 60_000;

/**
 * Finds a Chromium for tests: CHROMIUM_PATH, the installed one, the one Playwright has, the one Playwright can
 * download, Debian's when run as root; in this order. Expects node_modules to exist.
 * @returns {Promise<string | undefined>} Its executable; undefined for Playwright's own.
 */
export async function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (fs.existsSync(named)) return named;
    throw new Refusal(`CHROMIUM_PATH=${named} does not exist: name a Chromium, or unset it.`);
  }
  const installed = onPath(NAMES);
  if (installed) return installed;
  if (await playwrightHasOne()) return undefined;

  console.log('No Chromium here: asking Playwright for its own …');
  await run(...tool('playwright', 'install', 'chromium'), { timeoutMs: DOWNLOAD_MS });
  if (await playwrightHasOne()) return undefined;

  if (process.getuid?.() === 0 && onPath(['apt-get'])) {
    console.log(
      'Playwright has none for this system: installing Debian’s (apt-get install chromium) …',
    );
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['-qq', 'update'], { env });
    await run('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', 'chromium'], { env });
    const debians = onPath(NAMES);
    if (debians) return debians;
  }
  throw new Refusal(
    'The browser tests need Chromium: install it (Debian: apt-get install chromium), or name one with CHROMIUM_PATH.',
  );
}

async function playwrightHasOne() {
  const { chromium } = await import('@playwright/test');
  return fs.existsSync(chromium.executablePath());
}

/** @param {string[]} names @returns {string | undefined} The first that is on PATH. */
function onPath(names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return names
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
