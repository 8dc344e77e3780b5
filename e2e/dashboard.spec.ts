import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';
const visit = (ip: string, request: string, status = 200, ago = 0) => {
  const time = new Date(Date.now() - ago).toUTCString().split(' ');
  const [, day, month, year, clock] = time;
  return `${ip} - - [${day}/${month}/${year}:${clock} +0000] "GET ${request} HTTP/1.1" ${status} 512 "-" "${BROWSER}" 0.042\n`;
};
const GIT = '100.64.0.2';
const DEV = '100.64.0.3';

let folder: string;
let log: string;
let tailscaled: FakeTailscaled;
let app: RunningApp;
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dashboard-'));
  log = path.join(folder, 'access.log');
  const lines = [visit(GIT, '/dashboard'), visit(GIT, '/api/items/42'), visit(DEV, '/gone', 404)];
  await writeFile(log, `${lines.join('')}this is no log line\n`);
  tailscaled = await fakeTailscaled({ status: 'status-constructed.json' });
  app = await startApp({ env: { TAILSCALE_SOCKET: tailscaled.socketPath, ACCESS_LOG: log } });
  await app.waitHealthy();
});
test.afterAll(async () => {
  await app.stop();
  await tailscaled.close();
  await rm(folder, { recursive: true, force: true });
});

const open = async (page: Page, query = '') => {
  await page.goto(`${app.url}/vpn${query}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
};
const section = (page: Page, name: string) =>
  page.getByRole('region', { name: new RegExp(`^${name}`) });

test('a new access appears by itself within five seconds, named by user and device', async ({
  page,
}) => {
  await open(page);
  const started = Date.now();
  await appendFile(log, visit(GIT, '/fresh-page'));
  const row = section(page, 'Last accesses').getByText('/fresh-page');
  await expect(row).toBeVisible({ timeout: 5_000 });
  expect(Date.now() - started).toBeLessThan(5_500);
  await expect(section(page, 'Last accesses')).toContainText('bob@example.com');
  await expect(section(page, 'Last accesses')).toContainText('git');
});

test('everything is there before JavaScript, and filters are links', async ({ browser }) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await open(page);
  await expect(section(page, 'Endpoints')).toContainText('/dashboard');
  await expect(section(page, 'Devices')).toContainText('git');
  await section(page, 'Endpoints').getByRole('link', { name: '/gone' }).click();
  await expect(page).toHaveURL(/endpoint=%2Fgone/);
  await expect(section(page, 'Endpoints')).not.toContainText('/dashboard');
  await page.close();
});

test('a click filters everything; the address keeps it, and going back undoes it', async ({
  page,
}) => {
  await open(page);
  await section(page, 'Endpoints').getByRole('link', { name: '/gone' }).click();
  await expect(page).toHaveURL(/endpoint=%2Fgone/);
  await expect(section(page, 'Last accesses')).not.toContainText('/dashboard');
  await page.reload();
  await expect(section(page, 'Last accesses')).toContainText('/gone');
  await expect(section(page, 'Last accesses')).not.toContainText('/dashboard');
  await page.goBack();
  await expect(section(page, 'Last accesses')).toContainText('/dashboard');
});

test('with a collector chosen, every poll asks as it does: no answer is another view’s', async ({
  page,
}) => {
  const polls = new Map<string, string | null>();
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (request.resourceType() === 'fetch') polls.set(pathname, searchParams.get('collector'));
  });
  await open(page, '?collector=main');
  await page.getByRole('link', { name: 'Refresh' }).click();
  const everyPoll = {
    '/analytics/dashboard-usage': 'main',
    '/analytics/devices': 'main',
    '/analytics/quota-status': 'main',
    '/analytics/log-doctor': 'main',
    '/health-monitoring/critical': 'main',
    '/health-monitoring/firing': 'main',
    '/health-monitoring/latencies': 'main',
    '/healthz': 'main',
  };
  await expect.poll(() => polls.size).toBeGreaterThanOrEqual(Object.keys(everyPoll).length);
  expect(Object.fromEntries([...polls].sort())).toEqual(everyPoll);
});

test('the last accesses stand still while they are pointed at, but follow another filter', async ({
  page,
}) => {
  await open(page);
  const last = section(page, 'Last accesses');
  await last.getByRole('link', { name: '200' }).first().hover();
  await appendFile(log, visit(DEV, '/unseen-yet'));
  await expect(last).toContainText('1 more just now', { timeout: 6_000 });
  await expect(last).not.toContainText('/unseen-yet');
  await last.getByRole('link', { name: 'git', exact: true }).first().click();
  await expect(last).not.toContainText('chocolate-factory-dev');
  await page.getByRole('heading', { name: 'Endpoints' }).hover();
  await page.goBack();
  await expect(last).toContainText('/unseen-yet');
});

test('the range is in the address too', async ({ page }) => {
  await open(page);
  await page.getByRole('link', { name: '30\u00a0d', exact: true }).click();
  await expect(page).toHaveURL(/range=30d/);
});

test('a line that could not be read is counted and shown', async ({ page }) => {
  await open(page);
  await expect(page.getByText('this is no log line').first()).toBeAttached();
});

test('a hostile host name stays text and moves nothing', async ({ page }) => {
  let dialogs = 0;
  page.on('dialog', (dialog) => {
    dialogs++;
    void dialog.dismiss();
  });
  await appendFile(log, visit(GIT, '/%3Cscript%3Ealert(1)%3C/script%3E'));
  await open(page);
  await expect(section(page, 'Last accesses')).toContainText('script', { timeout: 6_000 });
  expect(dialogs).toBe(0);
});

test('the devices can be searched, filtered and sorted by keyboard', async ({ page }) => {
  await open(page);
  const devices = section(page, 'Devices');
  await devices.getByRole('searchbox').fill('git');
  await expect(devices).not.toContainText('chocolate-factory-dev');
  await devices.getByRole('searchbox').fill('');
  const name = devices.getByRole('columnheader', { name: /^Name/ });
  await name.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(name).toHaveAttribute('aria-sort', /ascending|descending/);
});

test('Ctrl-K finds a device: Enter opens its page, Shift-Enter filters by it alone', async ({
  page,
}) => {
  await open(page, '?status=404');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /find/i }).fill('git');
  await page.keyboard.press('Shift+Enter');
  await expect(page).toHaveURL(/\/vpn\?device=git$/);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /find/i }).fill('git');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/vpn\/devices\/2$/);
});

test('what is shown can be taken along as CSV', async ({ page }) => {
  await open(page);
  const download = page.waitForEvent('download');
  await section(page, 'Endpoints').getByRole('button', { name: /CSV/ }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
});

for (const scheme of ['dark', 'light'] as const) {
  for (const width of [1440, 390]) {
    test(`axe finds nothing at ${width} pixels, ${scheme}, and nothing scrolls sideways`, async ({
      browser,
    }) => {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: scheme,
      });
      const page = await context.newPage();
      for (const path of ['/vpn', '/vpn/accesses', '/api-docs']) {
        await page.goto(app.url + path);
        await page.waitForTimeout(500);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map((v) => `${path}: ${v.id} ${v.nodes[0]?.html}`)).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
      }
      await context.close();
    });
  }
}

test('the page asks nobody but us', async ({ page }) => {
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(app.url) && !request.url().startsWith('data:')) {
      foreign.push(request.url());
    }
  });
  await open(page);
  await page.waitForTimeout(3_500);
  expect(foreign).toEqual([]);
});

test('while tailscaled is away the page says how old what it shows is', async ({ page }) => {
  test.setTimeout(90_000);
  await tailscaled.stop();
  await open(page);
  await expect(page.getByText(/last answer/i).first()).toBeVisible({ timeout: 60_000 });
  await expect(section(page, 'Devices')).toContainText('git');
  await tailscaled.start();
  await app.waitHealthy();
});
