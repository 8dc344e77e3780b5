import { expect, test } from '@playwright/test';
import { startApp } from './harness/app';

test('it can be installed, and while the server is away it says so instead of showing what was', async ({
  page,
}) => {
  const app = await startApp({ env: { DEMO: '1' } });
  await app.waitHealthy();
  await page.goto(`${app.url}/vpn`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));

  const browser = await page.context().newCDPSession(page);
  expect((await browser.send('Page.getAppManifest')).errors).toEqual([]);
  const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors');
  // A test's browser keeps nothing, which is the one thing it may object to.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
  for (const size of [192, 512, 180]) {
    const icon = await page.request.get(`${app.url}/app-icon/${size}.png`);
    const png = await icon.body();
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
  }

  expect(await app.stop()).toBe(0);
  await page.goto(`${app.url}/vpn/health`);
  await expect(page.getByRole('heading', { name: 'Server not reachable' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('connected to your tailnet');
  await expect(page.getByRole('link', { name: 'Try again' })).toBeVisible();
  const spanish = page.getByRole('heading', { name: 'No se puede acceder al servidor' });
  await expect(spanish).toBeHidden();
  await page.context().addCookies([{ name: 'language', value: 'es', url: app.url }]);
  await page.goto(`${app.url}/vpn`);
  await expect(spanish).toBeVisible();
  await expect(page.getByRole('heading')).toHaveCount(1);
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
});
