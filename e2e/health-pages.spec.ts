import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { MonitoredDevicesResponse } from '../lib/api/health-schemas';
import type { DevicesResponse } from '../lib/api/schemas';
import { type RunningApp, startApp } from './harness/app';

const PAGES = [
  '/vpn/health',
  '/vpn/health/rules',
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

test('events can be filtered by every device, also by one that is neither critical nor shown', async ({
  page,
}) => {
  const get = async (call: string) => (await fetch(app.url + call)).json();
  const { devices }: DevicesResponse = await get('/analytics/devices');
  const { nodes }: MonitoredDevicesResponse = await get('/health-monitoring/critical');
  await page.goto(`${app.url}/vpn/health`);
  const events = page.getByRole('region', { name: /^Events/ });
  const device = events.getByLabel('Device', { exact: true });
  await device.focus();
  await expect(events.locator('datalist option')).toHaveCount(devices.length);
  const other = devices.find(({ id, self }) => !self && nodes.every((node) => node.id !== id));
  await device.fill(other?.hostname ?? '');
  await device.press('Enter');
  await expect(page).toHaveURL(new RegExp(`=${other?.hostname}`));
  await expect(events.getByRole('link', { name: 'Show all' })).toBeVisible();
});

test('the worst critical devices can be asked for: with the counts of all, and their last day', async () => {
  const get = async (call: string) => (await fetch(app.url + call)).json();
  // Between two answers one may have changed its path.
  await expect(async () => {
    const all: MonitoredDevicesResponse = await get('/health-monitoring/critical');
    const few: MonitoredDevicesResponse = await get('/health-monitoring/critical?limit=2');
    const { devices }: DevicesResponse = await get('/analytics/devices');
    const ids = ({ nodes }: MonitoredDevicesResponse) => nodes.map(({ id }) => id);
    expect(all.nodes.length).toBeGreaterThan(2);
    expect(ids(few)).toEqual(ids(all).slice(0, 2));
    expect(few.counts).toEqual(all.counts);
    const on = (path: string) => all.nodes.filter((node) => node.path === path).length;
    expect(all.counts).toEqual({
      ...{ critical: all.nodes.length, direct: on('direct'), offline: on('offline') },
    });
    for (const { path, last_day } of few.nodes) {
      const quarters = (last_day ?? []).map((run) => run.quarters);
      expect(quarters.reduce((sum, count) => sum + count, 0)).toBe(96);
      if (path === 'offline') expect(last_day?.at(-1)?.path).toBe('offline');
    }
    const critical = devices.filter((device) => device.critical);
    expect(critical.map(({ id }) => id).sort()).toEqual(ids(all).sort());
  }).toPass();
});

test('all alerts are silenced and unmuted from the page, and the focus stays with it', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn/health`);
  const menu = page.getByRole('navigation', { name: 'Pages' });
  const badge = menu.getByRole('link', { name: /^Health \d+ alerts? firing$/ });
  const firing = async () => (await fetch(`${app.url}/health-monitoring/firing`)).json();
  // Another alert may begin between the page and the answer.
  await expect(async () => {
    const { count, severity } = await firing();
    expect(severity).toBe('critical');
    await expect(badge).toContainText(String(count), { timeout: 1_000 });
  }).toPass();
  await page.getByRole('button', { name: /silence all alerts for 1.hour$/i }).click();
  await expect(page.getByText('All alerts are muted for 1\u00a0hour.')).toBeFocused();
  await expect(badge).toHaveCount(0);
  expect(await firing()).toEqual({ count: 0, severity: null });
  const mute = page
    .getByRole('listitem')
    .filter({ hasText: /All alerts: muted until .*\d\d:\d\d/ });
  const end = mute.getByRole('button', { name: /^Unmute/ });
  await expect(end).toBeVisible();
  await end.click();
  await expect(end).toHaveCount(0);
  await expect(page.getByText('All alerts: unmuted.')).toBeFocused();
  await expect(badge).toBeVisible();
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

test('an acknowledgement is taken back, which keeps the focus and is in the audit', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn/health`);
  const alerts = page.getByRole('region', { name: /^Alerts/ });
  const alert = alerts
    .getByRole('listitem')
    .filter({ hasText: /garage-cam is offline/ })
    .first();
  await alert.getByRole('button', { name: /^Acknowledge/ }).click();
  await expect(alert.getByText('Acknowledged.')).toBeFocused();
  await alert.getByRole('button', { name: /^Undo the acknowledgement of garage-cam/ }).click();
  await expect(alert.getByText('No longer acknowledged.')).toBeFocused();
  await expect(alert.getByRole('button', { name: /^Acknowledge/ })).toBeVisible();
  await alert.getByRole('button', { name: /^Mute for 1.hour/ }).click();
  await expect(alert.getByText('Muted for 1\u00a0hour.')).toBeFocused();
  await page.goto(`${app.url}/vpn/audit`);
  const row = (action: string) => page.getByRole('row').filter({ hasText: action }).first();
  await expect(row('unacknowledge')).toContainText('“garage-cam is offline”');
  await expect(row('mute')).toContainText(
    /“garage-cam is offline” until 20\d\d-\d\d-\d\d \d\d:\d\d/,
  );
});

test('an alert names its limit and leads to its rule', async ({ page }) => {
  await page.goto(`${app.url}/vpn/health`);
  const alerts = page.getByRole('region', { name: /^Alerts/ });
  const alert = alerts
    .getByRole('listitem')
    .filter({ hasText: /garage-cam is offline/ })
    .first();
  await expect(alert).toContainText(/Limit\s*offline for 5.min/);
  await alert.getByRole('link', { name: /^What raises this alert/ }).click();
  await expect(page).toHaveURL(/\/vpn\/health\/rules#offline$/);
  await expect(page.locator('#offline')).toContainText('At its first answer.');
});

test('a device’s page has any range, in the reader’s zone, by form and by address', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn/devices/git`);
  const range = page.getByRole('navigation', { name: 'Range' });
  await range.getByText('Custom', { exact: true }).click();
  const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('From', { exact: true }).fill(`${day}T20:00`);
  await page.getByLabel('To', { exact: true }).fill(`${day}T18:00`);
  await page.getByRole('button', { name: 'Show this range' }).click();
  await expect(page.getByText('The end of the range must be after its start.')).toBeVisible();
  await page.getByLabel('To', { exact: true }).fill(`${day}T22:00`);
  await page.getByRole('button', { name: 'Show this range' }).click();
  await expect(page).toHaveURL(new RegExp(`from=${day}T20:00.*to=${day}T22:00`));
  await expect(range.getByText(/20:00 – 22:00$/)).toBeVisible();
  await expect(page.getByRole('main')).toContainText('in the chosen range');
  await expect(page.getByRole('region', { name: /^Latency and path/ })).toContainText('Average');
  await page.goto(`${app.url}/vpn/devices/git?from=${day}T20:00&to=${day}T18:00`);
  await expect(page.getByText('Showing the last 24 hours.')).toBeVisible();
});

test('a ping is at the top of a device’s page, and its answer says what came of it', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn/devices/git`);
  const button = page.getByRole('button', { name: 'Ping now' });
  const top = (await button.boundingBox())?.y ?? 9_999;
  expect(top).toBeLessThan(400);
  await button.click();
  await expect(page.getByText(/5 of 5 answered in .*on average/)).toBeVisible();
  await expect(button).toBeFocused();
});

test('a device’s page says who sees it, and since when', async ({ page }) => {
  await page.goto(`${app.url}/vpn/devices/git`);
  const details = page.getByRole('region', { name: /^Details/ });
  await expect(details).toContainText('As chocolate-factory sees it');
  await expect(details).toContainText(/Online now\s*(since|for at least)/);
  const traffic = page.getByRole('region', { name: 'Traffic' });
  await expect(traffic).toContainText(/received from it, .* sent to it (since|in 30 days)/);
});

test('both pages are in Spanish for who reads Spanish', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'es-ES' });
  const page = await context.newPage();
  await page.goto(`${app.url}/vpn/health`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/dispositivos críticos/);
  await expect(page.getByRole('region', { name: /^Reparto de rutas/ })).toContainText('Directo');
  await expect(page).toHaveTitle(/Estado/);
  await page.goto(`${app.url}/vpn/devices/git`);
  await page.getByRole('button', { name: 'Hacer ping ahora' }).click();
  await expect(page.getByText(/5 de 5 respondidos/)).toBeVisible();
  await page.goto(`${app.url}/vpn/devices/gti`);
  await expect(page.getByRole('main')).toContainText('¿Querías decir git?');
  await context.close();
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
