import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { startApp } from './harness/app';

const PAGES = ['/vpn', '/vpn/accesses', '/api-docs', '/nowhere'];

test('the demo says on every page that it is one, shows a living tailnet, and keeps to its own folder', async ({
  page,
}) => {
  const app = await startApp({ env: { DEMO: '1', ACCESS_LOG: '/etc/passwd' } });
  await app.waitHealthy();
  for (const path of PAGES) {
    await page.goto(app.url + path);
    await expect(page.getByText('Demo tailnet')).toBeVisible();
  }
  await page.goto(`${app.url}/vpn`);
  await expect(page.getByRole('region', { name: /^Endpoints/ })).toContainText('/factory/recipes');
  await expect(page.getByRole('region', { name: /^Devices/ })).toContainText('exit node');
  expect(await readdir(app.dataDir)).toEqual(['demo']);
  expect(await app.stop()).toBe(0);
});

test('without tailscaled and demo the page teaches how to connect, and without a log how to log', async ({
  page,
}) => {
  const app = await startApp({ env: { DEMO: '0', PATH: '/nowhere' } });
  await page.goto(`${app.url}/vpn`);
  const main = page.getByRole('main');
  for (const word of ['TAILSCALE_SOCKET', 'TAILSCALE_PROXY_URL', 'ACCESS_LOG', 'log_format']) {
    await expect(main).toContainText(word);
  }
  await expect(page.getByText('Demo tailnet')).toHaveCount(0);
  const tab = (name: string) => page.getByRole('tab', { name, exact: true });
  const panel = page.getByRole('tabpanel');
  await expect(panel).toHaveCount(1);
  await expect(panel).toContainText('docker compose up --build -d');
  await tab('Docker').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(tab('Kubernetes')).toBeFocused();
  await expect(panel).toContainText('kubectl apply -f -');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(tab('NAS')).toHaveAttribute('aria-selected', 'true');
  for (const system of ['Synology', 'QNAP', 'TrueNAS', 'Unraid']) {
    await expect(panel).toContainText(system);
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  for (const address of ['/vpn/accesses', '/vpn/services']) {
    await page.goto(app.url + address);
    await expect(main).toContainText('No access log is set');
    await main.getByRole('link', { name: 'How to set it up' }).click();
    await expect(page).toHaveURL(/\/vpn#set-up$/);
  }
  for (const address of ['/vpn/health', '/vpn/devices']) {
    await page.goto(app.url + address);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('tailscaled does not answer');
  }
  const health = await fetch(`${app.url}/healthz`);
  expect(health.status).toBe(503);
  await app.stop();
});

test('without JavaScript every way to set it up is shown, under its name', async ({ browser }) => {
  const app = await startApp({ env: { DEMO: '0', PATH: '/nowhere' } });
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await page.goto(`${app.url}/vpn`);
  for (const name of ['Docker', 'This machine', 'NAS', 'Kubernetes']) {
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
  }
  for (const command of ['docker compose', 'tailscale up', 'insmod', 'kubectl apply']) {
    await expect(page.getByText(command).first()).toBeVisible();
  }
  await app.stop();
});

test('a log that is missing has not been read, and hits of this device itself are said not to count', async ({
  page,
}) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'left-out-'));
  const log = path.join(folder, 'access.log');
  const app = await startApp({ env: { DEMO: '0', ACCESS_LOG: log } });
  await page.goto(`${app.url}/vpn`);
  const main = page.getByRole('main');
  await expect(main).toContainText('does not exist yet');
  await expect(main).not.toContainText('all read');
  const time = new Date()
    .toUTCString()
    .replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+).*/, '$1/$2/$3:$4');
  const line = `127.0.0.1 - - [${time} +0000] "GET /a HTTP/1.1" 200 3 "-" "Firefox/144.0" 0.010\n`;
  await writeFile(log, line.repeat(3));
  for (const address of ['/vpn', '/vpn/accesses', '/vpn/services']) {
    await expect(async () => {
      await page.goto(app.url + address);
      await expect(main).toContainText('3 accesses, none of them counted', { timeout: 1_000 });
    }).toPass({ timeout: 20_000 });
    await expect(main).toContainText('COUNT_CLIENTS=all');
  }
  await app.stop();
  await rm(folder, { recursive: true });
});

test('a log that is there is diagnosed by what is in it', async ({ page }) => {
  const app = await startApp({ env: { DEMO: '1' } });
  await app.waitHealthy();
  // The demo has a log as soon as it has started.
  const findings = async () =>
    ((await (await fetch(`${app.url}/analytics/log-doctor`)).json()) as { findings: unknown[] })
      .findings;
  await expect.poll(findings, { timeout: 30_000 }).toEqual([]);
  await app.stop();
  const log = 'e2e/fixtures/nginx/seed.log';
  const real = await startApp({ env: { DEMO: '0', ACCESS_LOG: log } });
  await expect
    .poll(async () => (await fetch(`${real.url}/analytics/log-doctor`)).text(), { timeout: 20_000 })
    .toContain('$request_time');
  await page.goto(`${real.url}/vpn`);
  await expect(page.getByRole('main')).toContainText('$request_time');
  await real.stop();
});

test('a log of which no line can be read is said to be so, on /healthz and the page', async ({
  page,
}) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'unreadable-'));
  const log = path.join(folder, 'odd.log');
  await writeFile(log, 'odd ~ line\n'.repeat(5));
  const app = await startApp({ env: { DEMO: '0', ACCESS_LOG: path.join(folder, '*.log') } });
  const reported = async () => {
    const { status, problems } = await (await fetch(`${app.url}/healthz`)).json();
    const ofLog = problems.filter(({ part }: { part: string }) => part === 'access_log');
    return { status, messages: ofLog.map(({ message }: { message: string }) => message) };
  };
  const unreadable = { status: 'degraded', messages: ['No line of odd.log can be read'] };
  await expect.poll(reported, { timeout: 20_000 }).toEqual(unreadable);
  await page.goto(`${app.url}/vpn`);
  const main = page.getByRole('main');
  await expect(main).toContainText('No line of odd.log can be read');
  await expect(main).not.toContainText('Waiting for the first line');
  // A good one beside it does not make the bad one good.
  const time = new Date()
    .toUTCString()
    .replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+).*/, '$1/$2/$3:$4');
  await writeFile(
    path.join(folder, 'good.log'),
    `100.64.0.2 - - [${time} +0000] "GET /a HTTP/1.1" 200 3 "-" "curl/8" 0.010\n`,
  );
  const hits = async () => (await (await fetch(`${app.url}/healthz`)).json()).access_log.hits;
  await expect.poll(hits, { timeout: 20_000 }).toBe(1);
  expect(await reported()).toEqual(unreadable);
  await app.stop();
  await rm(folder, { recursive: true });
});
