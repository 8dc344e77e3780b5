import { defineConfig } from '@playwright/test';

/** Found by scripts/chromium.mjs; without it Playwright uses the Chromium it downloaded itself. */
const executablePath = process.env.CHROMIUM_PATH || undefined;

/** Tests of what must be done within a time, at default settings. */
const MEASURING = ['**/default-times.spec.ts', '**/traffic.spec.ts'];
/** They take devices of the one lab offline: one at a time. */
const LIVE = { testDir: 'e2e/live', timeout: 180_000, workers: 1 };

export default defineConfig({
  outputDir: 'test-results/artifacts',
  // Each worker starts the product, and much of what it does is waiting: two fit on two cores.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'browser', testDir: 'e2e', testMatch: '**/*.spec.ts', testIgnore: '**/live/**' },
    { ...LIVE, name: 'live', testMatch: '**/*.spec.ts', testIgnore: MEASURING },
    // What these measure, a busy machine would change: nothing runs beside them.
    { ...LIVE, name: 'live-alone', testMatch: MEASURING },
  ],
});
