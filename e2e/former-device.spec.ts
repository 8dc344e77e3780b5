import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import type { EventsResponse, UptimeResponse } from '../lib/api/health-schemas';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';

const ID = '2';
const STATUS = JSON.parse(readFileSync('e2e/fixtures/tailscale/status-direct.json', 'utf8'));

let tailscaled: FakeTailscaled;
let app: RunningApp;
const json = async <T>(path: string): Promise<T> =>
  (await fetch(`${app.url}/health-monitoring/${path}`)).json();

/** The device `git` is measured, and then removed from the tailnet. */
test.beforeAll(async () => {
  tailscaled = await fakeTailscaled({ status: STATUS });
  app = await startApp({
    env: { TAILSCALE_SOCKET: tailscaled.socketPath, CRITICAL_NODES: 'git' },
  });
  await app.waitHealthy();
  await expect
    .poll(async () => JSON.stringify(await json('latency-history/git')), { timeout: 20_000 })
    .toContain('12.345');
  const others = Object.entries<{ ID: string }>(STATUS.Peer).filter(([, { ID: id }]) => id !== ID);
  tailscaled.setStatus({ ...STATUS, Peer: Object.fromEntries(others) });
  await expect
    .poll(async () => (await json<UptimeResponse>(`uptime/${ID}`)).left_at, { timeout: 30_000 })
    .not.toBeNull();
});
test.afterAll(async () => {
  await app.stop();
  await tailscaled.close();
});

async function withoutScripts(browser: Browser, look: (page: Page) => Promise<void>) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  await look(await context.newPage());
  await context.close();
}

test('a device that has left is still readable by its id: uptime, latency and events', async () => {
  const uptime = await json<UptimeResponse>(`uptime/${ID}`);
  expect(uptime).toMatchObject({ id: ID, hostname: 'git', in_tailnet: false });
  expect(Date.now() - Date.parse(uptime.left_at ?? '')).toBeLessThan(60_000);
  for (const call of ['latency-history', 'latency-forecast']) {
    expect(await json(`${call}/${ID}`), call).toMatchObject({ hostname: 'git' });
  }
  const { events } = await json<EventsResponse>(`events?node=${ID}`);
  expect(events[0]).toMatchObject({ kind: 'node_removed', hostname: 'git' });
  const ping = await fetch(`${app.url}/health-monitoring/connection-stats/${ID}`);
  expect(ping.status).toBe(404);
  expect(await ping.text()).toContain('git left the tailnet on 20');
});

test('its page says when it left, shows its history and offers no ping', async ({
  page,
  browser,
}) => {
  const response = await page.goto(`${app.url}/vpn/devices/${ID}`);
  expect(response?.status()).toBe(200);
  await expect(page).toHaveTitle(/git/);
  const main = page.getByRole('main');
  await expect(main).toContainText(/Left the tailnet on 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d/);
  await expect(page.getByRole('region', { name: /^Latency and path/ })).toContainText('Average');
  await expect(page.getByRole('region', { name: /^Events/ })).toContainText(/left the tailnet/i);
  await expect(page.getByRole('button', { name: 'Ping now' })).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
  await withoutScripts(browser, async (plain) => {
    await plain.goto(`${app.url}/vpn/devices/${ID}`);
    await expect(plain.getByRole('main')).toContainText('Left the tailnet on 20');
  });
});

test('its page stays when another device is called the same', async ({ page }) => {
  const peers = Object.values<{ ID: string }>(STATUS.Peer).filter(({ ID: id }) => id !== ID);
  const git = Object.values<{ ID: string }>(STATUS.Peer).find(({ ID: id }) => id === ID);
  const again = { ...git, ID: '22' };
  tailscaled.setStatus({
    ...STATUS,
    Peer: Object.fromEntries([...peers, again].map((peer, i) => [`nodekey:${i}`, peer])),
  });
  await expect
    .poll(async () => (await json<UptimeResponse>('uptime/git')).id, { timeout: 30_000 })
    .toBe('22');
  await page.goto(`${app.url}/vpn/devices/${ID}`);
  await expect(page.getByRole('main')).toContainText('Left the tailnet on 20');
  await page.goto(`${app.url}/vpn/devices/git`);
  await expect(page.getByRole('main')).not.toContainText('Left the tailnet');
});

test('the 404 of an unknown device is readable without JavaScript, with names like it and a search', async ({
  browser,
}) => {
  await withoutScripts(browser, async (page) => {
    const response = await page.goto(`${app.url}/vpn/devices/chocolate-factry-dev`);
    expect(response?.status()).toBe(404);
    const main = page.getByRole('main');
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('There is no such device');
    await expect(main).toContainText('Did you mean chocolate-factory-dev');
    await main.getByRole('link', { name: 'Search all devices' }).click();
    await expect(page).toHaveURL(/\/vpn\?devices=all#devices$/);
    await page.goBack();
    await main.getByRole('link', { name: 'chocolate-factory-dev', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('chocolate-factory-dev');
  });
});
