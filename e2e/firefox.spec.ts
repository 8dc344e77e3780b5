import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, firefox, test } from '@playwright/test';
import { type RunningApp, root, startApp } from './harness/app';
import { TASKS } from './tasks/all';
import { Reader } from './tasks/reader';

/** An installed Firefox, by FIREFOX_PATH or on PATH; Playwright's own build is not needed. */
const installed = [
  process.env.FIREFOX_PATH ?? '',
  ...(process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => ['firefox-esr', 'firefox'].map((name) => path.join(folder, name))),
].find(isExecutable);

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return file !== '';
  } catch {
    return false;
  }
}

test.skip(
  installed === undefined,
  'There is no Firefox here: install it (Debian: apt-get install firefox-esr), or name one with FIREFOX_PATH.',
);

const ZONE = 'America/St_Johns';
let app: RunningApp;
let browser: Browser;
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1', TIME_ZONE: ZONE } });
  await app.waitHealthy();
  await app.waitRead();
  browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: path.join(root, 'e2e/harness/firefox.mjs'),
    // Those of Chromium, by playwright.config.ts, are none of its own.
    args: [],
    env: { ...process.env, FIREFOX_PATH: installed },
  });
});
test.afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

const TRIED = [
  'who reached what yesterday between 18:00 and 20:00',
  'whether an alert is firing, and which',
  'a device by Ctrl-K; one that does not exist',
  'one evening of a device',
  'another language and another zone',
];

for (const name of TRIED) {
  test(`in Firefox, a first visit finds: ${name}`, async () => {
    const context = await browser.newContext();
    await TASKS[name]?.(new Reader(await context.newPage(), app.url, 'es', ZONE));
    await context.close();
  });
}
