import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';

let app: RunningApp;
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1', TRAFFIC_BUDGET: '9TB, nas=1GB' } });
});
test.afterAll(async () => {
  await app.stop();
});

test('traffic says what went by DERP, today and by month, and who talks most', async ({ page }) => {
  await page.goto(`${app.url}/vpn/traffic`);
  await expect(page.getByText(/ by DERP this month, .+ of all\.$/)).toBeVisible();
  for (const period of ['Today', 'This month', 'Last month']) {
    await expect(page.getByText(period, { exact: true })).toBeVisible();
  }
  const talkers = page.getByRole('region', { name: /^Top talkers/ });
  await expect(talkers.getByRole('row').nth(1)).toContainText(/nas|garage-cam/);
  await expect(page.getByText(/^tailscaled counted .+ a difference of/)).toBeVisible();
  const budgets = page.getByRole('region', { name: 'Budget of this month' });
  await expect(budgets.getByRole('listitem').first()).toContainText('nas');
});

test('the chart is drawn without a script, and its parts and range are chosen by keyboard', async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${app.url}/vpn/traffic`);
  const over = page.getByRole('region', { name: /^Over time/ });
  const drawn = over.getByRole('img').locator('svg path').first();
  expect((await drawn.boundingBox())?.height).toBeGreaterThan(50);
  await over.getByRole('link', { name: 'Device' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/by=device/);
  await expect(over.getByRole('link', { name: 'Device' })).toHaveAttribute('aria-current', 'true');
  await expect(over.getByRole('listitem').filter({ hasText: 'nas' })).toBeVisible();
  await over.getByRole('link', { name: '24 hours' }).click();
  await expect(page).toHaveURL(/range=24h.*by=device|by=device.*range=24h/);
  await context.close();
});

test('a device has its own traffic, and the dashboard one number with its period', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn/devices/nas`);
  await expect(page.getByRole('region', { name: /^Traffic/ })).toContainText(
    /received from it, .+ sent to it in 30 days/,
  );
  await page.goto(`${app.url}/vpn`);
  await expect(page.getByText(/received here, .+ sent$/)).toBeVisible();
});

test('nothing is said where nothing has been counted', async ({ page }) => {
  const tailscaled = await fakeTailscaled({ status: 'status-constructed.json' });
  const empty = await startApp({ env: { TAILSCALE_SOCKET: tailscaled.socketPath } });
  await page.goto(`${empty.url}/vpn/traffic`);
  await expect(page.getByText('Nothing has been counted yet')).toBeVisible();
  await empty.stop();
  await tailscaled.close();
});

for (const colorScheme of ['dark', 'light'] as const) {
  test(`traffic has no accessibility violation, ${colorScheme}, and fits a phone`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`${app.url}/vpn/traffic?by=device`);
    await expect(page.getByRole('heading', { name: 'Top talkers' })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    const wider = () => document.documentElement.scrollWidth - window.innerWidth;
    expect(await page.evaluate(wider)).toBeLessThanOrEqual(0);
  });
}
