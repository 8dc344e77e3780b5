import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { type RunningApp, startApp } from './harness/app';

const PAGES = [
  '/vpn/health',
  '/vpn/devices/git',
  '/vpn/logs?level=DEBUG',
  '/vpn/audit',
  '/me',
  '/vpn/models',
];

let app: RunningApp;
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1', CONNECTION_INTERVAL_SECONDS: '30' } });
  await app.waitHealthy();
  const rounds = () =>
    fetch(`${app.url}/health-monitoring/path-distribution`).then((r) => r.text());
  await expect.poll(rounds, { timeout: 45_000 }).toContain('"hostname":"git"');
});
test.afterAll(async () => {
  await app.stop();
});

test('the dashboard shows each critical device with its path, and leads to its page', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn`);
  const connections = page.getByRole('region', { name: 'Connections' });
  await expect(connections).toContainText('direct');
  await connections.getByRole('link', { name: 'git', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('git');
  await expect(page.getByRole('region', { name: /^Latency and path/ })).toContainText('Average');
  await expect(page.getByRole('region', { name: /^Details/ })).toContainText('100.101.102.2');
});

test('the range and the devices compared are in the address of a device’s page', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn/devices/git`);
  await page.getByRole('link', { name: '7 d' }).click();
  await expect(page).toHaveURL(/hours=168/);
  await page.getByRole('link', { name: /nas/ }).first().click();
  await expect(page).toHaveURL(/compare=nas/);
});

test('the health page works before JavaScript, its filter too', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${app.url}/vpn/health`);
  for (const name of [
    /^Alerts/,
    /^Why relayed/,
    /^Speed by path/,
    /^Path distribution/,
    /^Events/,
  ]) {
    await expect(page.getByRole('region', { name })).toBeVisible();
  }
  await page.getByLabel('Kind of event').selectOption('path_changed');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/kind=path_changed/);
  await context.close();
});

test('all alerts are silenced and unmuted from the page, and the focus stays with it', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn/health`);
  await page.getByRole('button', { name: /silence all alerts for 1.hour$/i }).click();
  await expect(page.getByText('All alerts are muted for 1\u00a0hour.')).toBeFocused();
  const mute = page
    .getByRole('listitem')
    .filter({ hasText: /All alerts: muted until .*\d\d:\d\d/ });
  const end = mute.getByRole('button', { name: /^Unmute/ });
  await expect(end).toBeVisible();
  await end.click();
  await expect(end).toHaveCount(0);
  await expect(page.getByText('All alerts: unmuted.')).toBeFocused();
});

test('a device that does not exist is a 404 with suggestions and a search', async ({ page }) => {
  const response = await page.goto(`${app.url}/vpn/devices/gti`);
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('main')).toContainText('Did you mean git');
  await expect(page.getByRole('link', { name: 'Search all devices' })).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'git', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('git');
});

test('after acknowledging and muting an alert the focus is on what was done', async ({ page }) => {
  await page.goto(`${app.url}/vpn/health`);
  const alerts = page.getByRole('region', { name: /^Alerts/ });
  const alert = alerts.getByRole('listitem').filter({ hasText: /key of workshop-pi/i });
  await alert.getByRole('button', { name: /^Acknowledge/ }).click();
  await expect(alert.getByText('Acknowledged.')).toBeFocused();
  await alert.getByRole('button', { name: /^Mute for 8.hours/ }).click();
  await expect(alert.getByText('Muted for 8\u00a0hours.')).toBeFocused();
  const mute = alerts.getByRole('listitem').filter({ hasText: /workshop-pi.*: muted until/ });
  await mute.getByRole('button', { name: /^Unmute/ }).click();
  await expect(alerts.getByText(/: unmuted\.$/)).toBeFocused();
});

for (const scheme of ['dark', 'light'] as const) {
  for (const width of [1440, 390]) {
    test(`axe finds nothing on them at ${width} pixels, ${scheme}, and nothing scrolls sideways`, async ({
      browser,
    }) => {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: scheme,
      });
      const page = await context.newPage();
      for (const path of PAGES) {
        await page.goto(app.url + path);
        await page.waitForTimeout(500);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map((v) => `${path}: ${v.id} ${v.nodes[0]?.html}`)).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, path).toBeLessThanOrEqual(0);
      }
      await context.close();
    });
  }
}
