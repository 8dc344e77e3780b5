import { gzipSync } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import { type RunningApp, startApp } from './harness/app';

/** What the dashboard costs before anything is pressed: scripts, and layout that moves under the reader's eyes. */

const SCRIPTS = 180_000;
const SHIFT = 0.02;

let app: RunningApp;
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1' } });
  await app.waitHealthy();
});
test.afterAll(() => app.stop());

declare global {
  interface Window {
    shifted: number;
  }
}

/** Sums the layout shifts that the reader did not cause; the type of their entries is not in TypeScript's library. */
const countShifts = (page: Page) =>
  page.addInitScript(() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry.toJSON();
        if (!hadRecentInput) window.shifted += value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });

test('the scripts of the dashboard are at most 180 kB, gzipped', async ({ page }) => {
  const sizes = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    sizes.set(
      response.url(),
      response.body().then((body) => gzipSync(body).length),
    );
  });
  await page.goto(`${app.url}/vpn`);
  await page.waitForLoadState('networkidle');
  const total = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0);
  console.log(`scripts of /vpn: ${(total / 1000).toFixed(1)} kB gzipped, ${sizes.size} files`);
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(SCRIPTS);
});

for (const language of ['en', 'es']) {
  for (const width of [390, 768, 1440]) {
    test(`nothing moves while the pages load and refresh, at ${width} pixels (${language})`, async ({
      page,
    }) => {
      await page.context().addCookies([{ name: 'language', value: language, url: app.url }]);
      await page.setViewportSize({ width, height: 900 });
      await countShifts(page);
      for (const address of ['/vpn', '/vpn/accesses', '/vpn/services']) {
        await page.goto(app.url + address);
        // Long enough for the first refresh of everything.
        await page.waitForTimeout(address === '/vpn' ? 12_000 : 3_000);
        expect(await page.evaluate(() => window.shifted), address).toBeLessThanOrEqual(SHIFT);
      }
    });
  }
}
