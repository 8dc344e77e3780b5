import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';

let app: RunningApp;
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1' } });
  // The map is read just after the status, and noted at the next look, ten seconds later.
  const known = async () => (await devices()).filter(({ inventory }) => inventory?.version).length;
  await expect.poll(known, { timeout: 20_000 }).toBeGreaterThan(10);
});
test.afterAll(async () => {
  await app.stop();
});

type Known = { hostname: string; inventory: { version: string | null } | null };
async function devices(): Promise<Known[]> {
  const answer: { devices: Known[] } = await (await fetch(`${app.url}/analytics/devices`)).json();
  return answer.devices;
}

const table = (page: Page) => page.getByRole('table', { name: /^Devices of the tailnet/ });
const names = (page: Page) => table(page).getByRole('rowheader').allInnerTexts();

test('the inventory says who runs which version, and lists those that are behind', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn/devices`);
  await expect(
    page.getByText(/^7 of 16\sdevices run 1\.102\.5, .+ of 2\sit is not known/),
  ).toBeVisible();
  await page.getByRole('link', { name: /^Older version/ }).click();
  await expect(page).toHaveURL(/show=behind/);
  await expect.poll(() => names(page)).toContain('nas');
  expect(await names(page)).not.toContain('git');
  await page
    .getByRole('region', { name: /^Versions/ })
    .getByRole('link', { name: '1.58.2' })
    .click();
  await expect(table(page).getByRole('rowheader')).toHaveText(['nas']);
});

test('devices not seen for long, and routes that nobody has approved, are one click away', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn/devices`);
  await page.getByRole('link', { name: /^Not seen for 30 days/ }).click();
  await expect(table(page).getByRole('rowheader')).toHaveText(['old-tablet']);
  await page.getByRole('link', { name: /^Routes not approved/ }).click();
  await expect(table(page).getByRole('rowheader')).toHaveText(['greenhouse-pi']);
  await expect(table(page)).toContainText('192.168.20.0/24 not approved');
});

test('columns are chosen, in the address and for the next time', async ({ page }) => {
  await page.goto(`${app.url}/vpn/devices`);
  await page.getByText('Columns', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'Container' }).check();
  await page.getByRole('checkbox', { name: 'Owner' }).uncheck();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/column=container/);
  const heading = (name: string) => table(page).getByRole('columnheader', { name, exact: true });
  await expect(heading('Container')).toBeVisible();
  await expect(heading('Owner')).toHaveCount(0);
  await page.goto(`${app.url}/vpn/devices`);
  await expect(heading('Container')).toBeVisible();
  await expect(heading('Owner')).toHaveCount(0);
});

test('it filters and sorts without a script', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${app.url}/vpn/devices`);
  await page.getByRole('combobox', { name: 'System' }).selectOption('windows');
  await page.getByRole('button', { name: 'Apply' }).click();
  const shown = table(page).getByRole('rowheader');
  await expect(shown).toHaveText(['bob-desktop', 'bob-laptop']);
  for (const sort of ['ascending', 'descending']) {
    const column = table(page).getByRole('columnheader', { name: 'Tailscale' });
    await column.getByRole('link').click();
    await expect(column).toHaveAttribute('aria-sort', sort);
  }
  await expect(shown).toHaveText(['bob-laptop', 'bob-desktop']);
  await context.close();
});

test('what has changed is listed, and is an event of the device', async ({ page }) => {
  await page.goto(`${app.url}/vpn/devices`);
  const changes = page.getByRole('region', { name: /^Changes/ });
  await expect(
    changes.getByRole('listitem').filter({ hasText: 'alice-laptop' }).first(),
  ).toContainText(/Tailscale.*1\.102\.4.*1\.102\.5/);
  await page.goto(`${app.url}/vpn/devices/alice-laptop?hours=720`);
  await expect(page.getByText('Runs another version').first()).toBeVisible();
  await expect(page.getByText('26.1.0 arm64')).toBeVisible();
});

test('what is shown is saved as CSV, JSON and an inventory for Ansible', async ({ page }) => {
  await page.goto(`${app.url}/vpn/devices?tag=tag%3Aserver`);
  const saved = async (button: string | RegExp) => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    return readFile(await (await download).path(), 'utf8');
  };
  const csv = await saved(/^CSV.*Devices/);
  expect(csv.split('\r\n')[0]).toBe('id,name,owner,os,version,routes,expiry,seen');
  expect(csv.trimEnd().split('\r\n')).toHaveLength(4);
  const json: Known[] = JSON.parse(await saved('JSON'));
  expect(json.map(({ hostname }) => hostname)).toContain('git');
  const yaml = await saved('Ansible inventory');
  expect(yaml).toContain('    "tag_server":\n      "hosts":\n');
  const [all] = [await (await fetch(`${app.url}/analytics/ansible-inventory?tag=server`)).json()];
  expect(Object.keys(all.all.hosts)).toEqual(['chocolate-factory', 'git', 'chocolate-factory-dev']);
});

test('with a tailscaled that does not show its map, all of it is not known', async ({ page }) => {
  const tailscaled = await fakeTailscaled({ status: 'status-constructed.json' });
  const older = await startApp({ env: { TAILSCALE_SOCKET: tailscaled.socketPath } });
  await page.goto(`${older.url}/vpn/devices`);
  await expect(page.getByText(/Their versions are not known/)).toBeVisible();
  await expect(table(page).getByText('not known').first()).toBeVisible();
  await older.stop();
  await tailscaled.close();
});

for (const colorScheme of ['dark', 'light'] as const) {
  test(`the inventory has no accessibility violation, ${colorScheme}, and fits a phone`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`${app.url}/vpn/devices`);
    await expect(page.getByRole('heading', { name: 'Changes' })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    const wider = () => document.documentElement.scrollWidth - window.innerWidth;
    expect(await page.evaluate(wider)).toBeLessThanOrEqual(0);
  });
}
