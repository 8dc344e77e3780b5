import { test } from '@playwright/test';
import { type RunningApp, startApp } from './harness/app';
import { TASKS } from './tasks/all';
import { Reader } from './tasks/reader';

for (const [language, zone] of [
  ['en', 'Europe/Madrid'],
  ['es', 'America/St_Johns'],
] as const) {
  test.describe(`a first visit in ${zone}, ${language}`, () => {
    let app: RunningApp;
    test.beforeAll(async () => {
      app = await startApp({ env: { DEMO: '1', TIME_ZONE: zone } });
      await app.waitHealthy();
      // Counts are compared with those of calls, which grow while the demo's log is read.
      await app.waitRead();
    });
    test.afterAll(() => app.stop());

    for (const [name, task] of Object.entries(TASKS)) {
      test(`finds: ${name}`, ({ page }) => task(new Reader(page, app.url, language, zone)));
    }
  });
}
