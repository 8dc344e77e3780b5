import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';

/** A tailnet of two thousand devices, 36 of whose keys expire this week, each with an alert that fires. */

const DEVICES = 2_000;
const OFFLINE = 400;
const EXPIRING = 36;
const HOUR = 3_600_000;
const WIDTHS = [390, 1440];
/** On two cores, with a server and a browser on them. */
const REACTS_WITHIN_MS = 1_500;

const name = (i: number) => `node-${String(i).padStart(4, '0')}`;
/** The first to expire does so within a day. */
const expiryOf = (i: number) => new Date(Date.now() + (23 + i * 4) * HOUR).toISOString();

/** Returns what tailscaled says of two thousand devices, each as the one that was recorded. */
async function manyDevices(): Promise<object> {
  const recorded = await readFile('e2e/fixtures/tailscale/status-constructed.json', 'utf8');
  const status = JSON.parse(recorded);
  const one = Object.values<object>(status.Peer).find((peer) => !('Tags' in peer));
  const peers = Array.from({ length: DEVICES - 1 }, (_, k) => {
    const i = k + 1;
    const isOffline = i > DEVICES - 1 - OFFLINE;
    return {
      ...one,
      ID: `n${i}CNTRL`,
      NodeID: 1_000 + i,
      PublicKey: `nodekey:${String(i).padStart(64, '0')}`,
      HostName: name(i),
      DNSName: `${name(i)}.tail.test.`,
      OS: ['linux', 'windows', 'macOS', 'iOS'][i % 4],
      UserID: 1 + (i % 2),
      TailscaleIPs: [`100.64.${10 + Math.floor(i / 250)}.${1 + (i % 250)}`],
      AllowedIPs: null,
      Online: !isOffline,
      ...(isOffline && { LastSeen: new Date(Date.now() - i * 60_000).toISOString() }),
      ...(i % 3 === 0 && { CurAddr: `203.0.113.${i % 250}:41641`, Active: !isOffline }),
      ...(i <= EXPIRING && { KeyExpiry: expiryOf(i - 1) }),
    };
  });
  const { 1: alice, 2: bob } = status.User;
  return {
    ...status,
    Peer: Object.fromEntries(peers.map((peer) => [peer.PublicKey, peer])),
    User: { 1: alice, 2: bob },
  };
}

let folder: string;
let tailscaled: FakeTailscaled;
let app: RunningApp;
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'many-devices-'));
  const log = path.join(folder, 'access.log');
  await writeFile(log, '');
  tailscaled = await fakeTailscaled({ status: await manyDevices() });
  app = await startApp({
    env: {
      TAILSCALE_SOCKET: tailscaled.socketPath,
      ACCESS_LOG: log,
      CRITICAL_NODES: `${name(3)},${name(6)}`,
    },
  });
  await app.waitHealthy();
  const firing = async () => (await (await fetch(`${app.url}/healthz`)).json()).alerts.firing;
  await expect.poll(firing, { timeout: 45_000 }).toBe(EXPIRING);
});
test.afterAll(async () => {
  await app.stop();
  await tailscaled.close();
  await rm(folder, { recursive: true, force: true });
});

const open = async (page: Page, address: string, width = 1440) => {
  await page.setViewportSize({ width, height: 900 });
  await page.goto(app.url + address);
};
const devices = (page: Page) => page.getByRole('region', { name: /^Devices/ });
/** How far a page scrolls sideways, and how high it is; pixels. */
const size = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight } = document.documentElement;
    return { sideways: scrollWidth - clientWidth, height: scrollHeight };
  });

for (const width of WIDTHS) {
  test(`no page scrolls sideways or without end at ${width} pixels`, async ({ page }) => {
    const most = width === 390 ? 20_000 : 6_000;
    for (const address of ['/vpn', '/vpn?devices=all', '/vpn/health', '/vpn/devices']) {
      await open(page, address, width);
      await page.waitForLoadState('networkidle');
      // The server sends the first two hundred rows; the browser takes them for its window of all.
      const height = async () => (await size(page)).height;
      await expect.poll(height, { message: address }).toBeLessThan(most);
      expect.soft((await size(page)).sideways, address).toBe(0);
    }
  });

  test(`the sentence, the badge and the problems count the alerts at ${width} pixels`, async ({
    page,
  }) => {
    await open(page, '/vpn', width);
    const main = page.getByRole('main');
    await expect(main).toContainText(/1,600 of 2,000\sdevices online/);
    await expect(main.getByRole('link', { name: '36 alerts firing' })).toBeVisible();
    const menu = page.getByRole('navigation', { name: 'Pages' });
    await expect(menu.getByRole('link', { name: /^Health 36 alerts? firing$/ })).toBeVisible();
    const problems = page.getByRole('region', { name: 'Problems' });
    await expect(problems.getByText('36 keys expired or about to expire')).toBeVisible();
    await expect(problems.getByRole('listitem')).toHaveCount(1);
  });

  test(`the alerts of Health are one row that opens, and is open on paper, at ${width} pixels`, async ({
    page,
  }) => {
    await open(page, '/vpn/health', width);
    const alerts = page.getByRole('region', { name: /^Alerts/ });
    const group = alerts.locator('summary').first();
    await expect(group).toHaveText(/36\skeys expire, the first in\s2[23]\sh/);
    const link = (i: number) => alerts.getByRole('link', { name: name(i), exact: true });
    await expect(link(1)).toBeHidden();
    await page.emulateMedia({ media: 'print' });
    for (const i of [1, EXPIRING]) await expect(link(i)).toBeVisible();
    await page.emulateMedia({ media: 'screen' });
    await group.click();
    for (const i of [1, EXPIRING]) await expect(link(i)).toBeVisible();
    expect((await size(page)).sideways).toBe(0);
  });

  test(`the search of devices reacts while it is typed, and all can be scrolled through at ${width} pixels`, async ({
    page,
  }) => {
    await open(page, '/vpn?devices=all', width);
    const table = devices(page).getByRole('table', { name: /^Devices/ });
    // The heading is a row too.
    await expect(table).toHaveAttribute('aria-rowcount', `${DEVICES + 1}`);
    const rows = table.locator('tbody tr');
    // Until the code of the window is there, it is the first two hundred.
    await expect.poll(() => rows.count()).toBeLessThan(100);
    await devices(page)
      .getByRole('region', { name: 'All devices' })
      .evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
    await expect(rows.last()).toHaveAttribute('aria-rowindex', `${DEVICES + 1}`);
    const search = devices(page).getByRole('searchbox');
    const began = Date.now();
    await search.pressSequentially(name(1234));
    await expect(rows).toHaveCount(1);
    expect(Date.now() - began).toBeLessThan(REACTS_WITHIN_MS);
    await expect(rows.getByRole('rowheader')).toContainText(name(1234));
  });

  test(`Ctrl-K finds one device among all of them at ${width} pixels`, async ({ page }) => {
    await open(page, '/vpn', width);
    await page.waitForLoadState('networkidle');
    await page.keyboard.press('Control+k');
    const input = page.getByRole('combobox', { name: /find/i });
    const options = page.getByRole('listbox', { name: 'Matches' }).getByRole('option');
    await expect(options.first()).toBeVisible();
    const began = Date.now();
    await input.pressSequentially(name(1999));
    await expect(options).toHaveCount(1);
    expect(Date.now() - began).toBeLessThan(REACTS_WITHIN_MS);
    await expect(options).toContainText(/device\s*node-1999/);
    expect((await size(page)).sideways).toBe(0);
    await input.press('Enter');
    await expect(page).toHaveURL(/\/vpn\/devices\/n1999CNTRL$/);
  });
}

test('the inventory lists a hundred at a time, without a script too', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await open(page, '/vpn/devices?sort=name');
  const table = page.getByRole('table', { name: /^Devices of the tailnet/ });
  const pages = page.getByRole('navigation', { name: 'Pages of devices' });
  await expect(table.getByRole('rowheader')).toHaveCount(100);
  await expect(pages).toContainText('1 to 100 of 2,000');
  await expect(pages.getByRole('link')).toHaveText(['Next']);
  await pages.getByRole('link', { name: 'Next' }).click();
  await expect(pages).toContainText('101 to 200 of 2,000');
  await expect(table.getByRole('rowheader', { name: name(150) })).toBeVisible();
  await open(page, '/vpn/devices?page=99999');
  await expect(pages).toContainText('1,901 to 2,000 of 2,000');
  await expect(pages.getByRole('link')).toHaveText(['Previous']);
  await open(page, `/vpn/devices?find=${name(1234)}`);
  await expect(table.getByRole('rowheader')).toHaveText([name(1234)]);
  await expect(pages).toHaveCount(0);
  await context.close();
});

test('everything has a name: axe finds nothing', async ({ page }) => {
  test.setTimeout(120_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const address of ['/vpn?devices=all', '/vpn/health', '/vpn/devices']) {
    await open(page, address);
    await page.waitForLoadState('networkidle');
    const { violations } = await new AxeBuilder({ page }).analyze();
    const faults = violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`);
    expect.soft(faults, address).toEqual([]);
  }
});
