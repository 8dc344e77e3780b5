import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { localTime } from './fakes/log-lines';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';
const GIT = '100.64.0.2';
const DEV = '100.64.0.3';
const visit = (host: string, ip: string, request: string, status = 200) => {
  return `${host} ${ip} - - [${localTime(Date.now())}] "GET ${request} HTTP/1.1" ${status} 512 "-" "${BROWSER}" 0.042\n`;
};

let folder: string;
let tailscaled: FakeTailscaled;
let app: RunningApp;
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'services-'));
  const log = path.join(folder, 'access.log');
  await writeFile(
    log,
    [
      visit('git.example.org', GIT, '/infra/pulls'),
      visit('git.example.org:443', DEV, '/infra/issues', 404),
      visit('GIT.example.org', DEV, '/'),
      visit('photos.example.org', DEV, '/'),
    ].join(''),
  );
  tailscaled = await fakeTailscaled({ status: 'status-constructed.json' });
  app = await startApp({ env: { TAILSCALE_SOCKET: tailscaled.socketPath, ACCESS_LOG: log } });
  await app.waitHealthy();
  await app.waitRead();
  // Accesses are read first, and named a second later.
  const unnamed = async () =>
    (await (await fetch(`${app.url}/analytics/access-logs?user=unknown`)).json()).total;
  await expect.poll(unnamed, { timeout: 15_000 }).toBe(0);
});
test.afterAll(async () => {
  await app.stop();
  await tailscaled.close();
  await rm(folder, { recursive: true, force: true });
});

const section = (page: Page, name: string) =>
  page.getByRole('region', { name: new RegExp(`^${name}`) });
const bar = (page: Page) => page.getByRole('combobox', { name: /^Filter by/ });
const chips = (page: Page) => page.getByRole('list', { name: 'Filters' });

test('the services of a log are told apart, on the dashboard and on their page', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn`);
  const services = section(page, 'Services');
  await expect(services.getByRole('row', { name: /git\.example\.org/ })).toContainText('3');
  await services.getByRole('link', { name: 'git.example.org' }).click();
  await expect(page).toHaveURL(/\/vpn\?host=git\.example\.org$/);
  await expect(section(page, 'Last accesses').getByRole('row')).toHaveCount(4);
  await page.goto(`${app.url}/vpn/services?status=404`);
  const row = page.getByRole('row', { name: /git\.example\.org/ });
  await expect(row).toContainText('1');
  await expect(page.getByRole('row', { name: /photos/ })).toHaveCount(0);
  await page.getByRole('link', { name: 'git.example.org' }).click();
  await expect(page).toHaveURL(/\/vpn\?host=git\.example\.org&status=404$/);
});

test('the filter bar adds what is typed, by keyboard alone, and says what cannot be', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn`);
  await bar(page).focus();
  await expect(page.locator('datalist option[value="host:photos.example.org"]')).toBeAttached();
  await expect(page.locator('datalist option[value="status:404"]')).toBeAttached();
  await page.keyboard.type('host:git.example.org');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/vpn\?host=git\.example\.org$/);
  await expect(bar(page)).toHaveValue('');
  await page.keyboard.type('endpoint:/infra/*');
  await page.keyboard.press('Enter');
  await page.keyboard.type('!status:404');
  await page.keyboard.press('Enter');
  await expect(section(page, 'Endpoints').locator('tbody tr')).toHaveCount(1);
  await expect(section(page, 'Endpoints')).toContainText('/infra/pulls');
  await page.keyboard.type('status:teapot');
  await page.keyboard.press('Enter');
  await expect(page.getByText('A status is a code from 100 to 599')).toBeVisible();
  await page.goBack();
  await expect(chips(page)).not.toContainText('404');
});

test('a chip removes its filter, or turns it into its opposite', async ({ page }) => {
  await page.goto(`${app.url}/vpn/accesses?host=git.example.org&q=INFRA`);
  const rows = page.getByRole('table').locator('tbody tr');
  await expect(rows).toHaveCount(2);
  await chips(page)
    .getByRole('link', { name: /Remove the filter text/ })
    .click();
  await expect(rows).toHaveCount(3);
  await chips(page)
    .getByRole('link', { name: /show all but this host/ })
    .click();
  await expect(page).toHaveURL(/\/vpn\/accesses\?host=%21git\.example\.org$/);
  await expect(rows).toHaveCount(1);
  await chips(page)
    .getByRole('link', { name: /Remove the filter host/ })
    .click();
  await expect(rows).toHaveCount(4);
});

test('the filter bar works without JavaScript', async ({ browser }) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  for (const address of ['/vpn', '/vpn/accesses', '/vpn/services']) {
    await page.goto(`${app.url}${address}?host=git.example.org`);
    await page.locator('input[name=filter]').fill('issues');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await expect(chips(page)).toContainText('git.example.org');
    await expect(chips(page)).toContainText('issues');
    await page.locator('input[name=filter]').fill('status:abc');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await expect(page.getByText('A status is a code from 100 to 599')).toBeAttached();
    await expect(chips(page)).toContainText('issues');
  }
  await page.close();
});

test('the API filters by what hits have, and refuses the rest by name', async ({ request }) => {
  const hosts = async (query: string) => {
    const answer = await (await request.get(`${app.url}/analytics/access-logs?${query}`)).json();
    return answer.hits.map((hit: { host: string | null; path: string }) => hit.host + hit.path);
  };
  expect(await hosts('host=photos.example.org')).toEqual(['photos.example.org/']);
  expect(await hosts('endpoint=/infra/*&device=git&device=nas')).toEqual([
    'git.example.org/infra/pulls',
  ]);
  expect(await hosts('q=Issues&user=!bob@example.com')).toHaveLength(1);
  const usage = await (await request.get(`${app.url}/analytics/dashboard-usage`)).json();
  expect(usage.by_host).toMatchObject([
    { host: 'git.example.org', hits: 3, devices: 2, errors: 1, bytes: 1_536 },
    { host: 'photos.example.org', hits: 1, devices: 1, errors: 0 },
  ]);
  const refused = await request.get(`${app.url}/analytics/dashboard-usage?status=4x&host=`);
  expect(refused.status()).toBe(400);
  const { errors } = await refused.json();
  expect(errors.map(({ parameter }: { parameter: string }) => parameter).sort()).toEqual([
    'host',
    'status',
  ]);
});

for (const [width, scheme] of [
  [1440, 'dark'],
  [390, 'light'],
] as const) {
  test(`axe finds nothing in services and filters at ${width} pixels, ${scheme}`, async ({
    browser,
  }) => {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme,
    });
    const page = await context.newPage();
    for (const address of [
      '/vpn/services',
      '/vpn/services?host=nowhere',
      '/vpn?host=!photos.example.org&status=2xx&q=infra',
    ]) {
      await page.goto(`${app.url}${address}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
    }
    await context.close();
  });
}
