import { expect, test } from '@playwright/test';
import { type RunningApp, startApp } from './harness/app';
import { ask } from './harness/raw-http';

let app: RunningApp;
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1' } });
  await app.waitHealthy();
});
test.afterAll(async () => {
  await app.stop();
});

const refused = (name: string) => ask(app.url, { path: '/vpn', headers: { Host: name } });

test('the log is searched by a form, before JavaScript too, with what was asked in the address', async ({
  browser,
}) => {
  await refused('first.example');
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${app.url}/vpn/logs`);
  await page.getByLabel('Text').fill('first.example');
  await page.getByLabel('Level').selectOption('INFO');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/level=INFO.*text=first.example/);
  const rows = page.getByRole('main').locator('ol > li');
  await expect(rows).toHaveCount(1);
  await rows.locator('summary').click();
  await expect(rows).toContainText('lib/identity/gate');
  await page.getByLabel('Text').fill('no such words');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('main')).toContainText('No line matches');
  await context.close();
});

test('new lines appear on top while the log is followed, and an opened one stays open', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn/logs?level=DEBUG`);
  const rows = page.getByRole('main').locator('ol > li');
  await rows.first().locator('summary').click();
  const opened = await rows.first().locator('summary bdi').allInnerTexts();
  await page.getByRole('button', { name: 'Follow new lines' }).click();
  await refused('second.example');
  await expect(rows.first()).toContainText('second.example', { timeout: 8_000 });
  await expect(page.locator('details[open]')).toHaveCount(1);
  expect(opened).toHaveLength(1);
  expect(await page.locator('details[open] summary bdi').allInnerTexts()).toEqual(opened);
  await page.getByRole('button', { name: 'Following' }).click();
  await refused('third.example');
  await page.waitForTimeout(2_500);
  await expect(rows.first()).not.toContainText('third.example');
});

test('an alert leads to the lines written around it, among them its own', async ({ page }) => {
  // The demo has a key about to expire.
  const alerts = async () => (await ask(app.url, { path: '/health-monitoring/alerts' })).body;
  await expect.poll(alerts, { timeout: 30_000 }).toContain('"state":"firing"');
  await page.goto(`${app.url}/vpn/health`);
  await page
    .getByRole('link', { name: /^Logs around this time/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/vpn\/logs\?.*from=.*to=/);
  await expect(page.getByRole('main').locator('ol')).toContainText('alert fired');
  await page.getByRole('link', { name: 'Any time' }).click();
  await expect(page).not.toHaveURL(/from=/);
});

test('what was changed is on the audit page, and leads to its lines of the log', async ({
  page,
}) => {
  await ask(app.url, {
    method: 'POST',
    path: '/health-monitoring/mutes',
    headers: { 'Content-Type': 'application/json' },
    body: '{"minutes":5,"reason":"testing"}',
  });
  await page.goto(`${app.url}/vpn/audit`);
  const row = page.getByRole('row', { name: /everything until 20/ });
  await expect(row).toContainText('operator');
  await row.getByRole('link', { name: /^log/ }).click();
  await expect(page.getByRole('main').locator('ol')).toContainText('operator: mute everything');
});
