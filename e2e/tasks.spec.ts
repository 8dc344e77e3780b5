import { expect, test } from '@playwright/test';
import type { HealthResponse } from '../lib/api/service-schemas';
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
      await expect.poll(() => isRead(app), { timeout: 30_000 }).toBe(true);
    });
    test.afterAll(() => app.stop());

    for (const [name, task] of Object.entries(TASKS)) {
      test(`finds: ${name}`, ({ page }) => task(new Reader(page, app.url, language, zone)));
    }
  });
}

async function isRead({ url }: RunningApp): Promise<boolean> {
  const { access_log: log }: HealthResponse = await (await fetch(`${url}/healthz`)).json();
  return log.hits > 0 && log.backlog_bytes === 0;
}
