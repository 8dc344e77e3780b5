import { expect, type Page, test } from '@playwright/test';
import { type RunningApp, startApp } from './harness/app';

let app: RunningApp;
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1' } });
  await app.waitHealthy();
});
test.afterAll(async () => {
  await app.stop();
});

/** Opens a call of the API page, and returns its part of it. */
async function openCall(page: Page, path: string) {
  const call = page.locator(`details[id="${path}"]`);
  await call.locator('summary').click();
  return call;
}

test('calls are folded; one has its curl, an example of its answer, and a form that tries it', async ({
  page,
}) => {
  await page.goto(`${app.url}/api-docs`);
  expect(await page.evaluate(() => document.body.scrollHeight)).toBeLessThan(6_000);
  await expect(page.getByRole('region', { name: 'Tokens' })).toContainText('--scope read');
  const call = await openCall(page, '/health-monitoring/uptime/{hostname}');
  const curl = call.getByRole('region', { name: /^curl for/ });
  await expect(curl).toContainText('curl -H "Authorization: Bearer $TOKEN"');
  await expect(call.getByRole('region', { name: /^Example of a response/ })).toContainText('{');
  await call.getByRole('textbox', { name: 'hostname' }).fill('garage-cam');
  await call.getByRole('textbox', { name: 'hours' }).fill('24');
  await expect(curl).toContainText('"$OBSERVATORY/health-monitoring/uptime/garage-cam?hours=24"');
  await call.getByRole('button', { name: /^Try it/ }).click();
  await expect(call.getByText('Status 200')).toBeVisible();
  await expect(call.getByRole('region', { name: /^Answer of/ })).toContainText('"hostname"');
  await call.getByRole('textbox', { name: 'hours' }).fill('0');
  await call.getByRole('button', { name: /^Try it/ }).click();
  await expect(call.getByText('Status 400')).toBeVisible();
});

test('a link to a call opens it, and files are among the calls', async ({ page }) => {
  await page.goto(`${app.url}/api-docs#/logs/search.csv`);
  const call = page.locator('details[open]');
  await expect(call).toHaveCount(1);
  await expect(call).toContainText('GET /logs/search.csv');
  await expect(call).toContainText('for admins');
});

test('in Spanish it says that descriptions are in English, and marks them so', async ({ page }) => {
  await page.context().addCookies([{ name: 'language', value: 'es', url: app.url }]);
  await page.goto(`${app.url}/api-docs`);
  await expect(page.getByRole('main')).toContainText('está escrito en inglés');
  const call = await openCall(page, '/models');
  await expect(call.locator('dl').first()).toHaveAttribute('lang', 'en');
  await call.getByRole('button', { name: /^Probar/ }).click();
  await expect(call.getByText('Estado 200')).toBeVisible();
});
