import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { type RunningApp, startApp } from './harness/app';
import { overflow } from './harness/overflow';

const PAGES = [
  '/vpn',
  '/vpn/health',
  '/vpn/health/rules',
  '/vpn/devices/git',
  '/vpn/devices/bob-laptop',
  '/vpn/accesses?user=bob%40example.com',
  '/vpn/services',
  '/vpn/traffic',
  '/vpn/devices',
  '/vpn/models',
  '/vpn/logs',
  '/vpn/audit',
  '/vpn/settings',
  '/api-docs',
  '/me',
  '/vpn/devices/nobody',
];
const SIGNED_LINK = 'a signed link';
const WIDTHS = [320, 768, 1440];
const LOOKS = [
  { colorScheme: 'dark', forcedColors: 'none' },
  { colorScheme: 'light', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'active' },
] as const;
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

let app: RunningApp;
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1' } });
  await app.waitHealthy();
});
test.afterAll(() => app.stop());

/** Returns an address; for the view of a signed link, that of a new one. */
async function addressOf(page: string): Promise<string> {
  if (page !== SIGNED_LINK) return page;
  const answer = await fetch(`${app.url}/widgets/links`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ devices: ['nas', 'garage-cam', 'chocolate-factory-dev'] }),
  });
  return (await answer.json()).path;
}

for (const address of [...PAGES, SIGNED_LINK]) {
  test(`axe finds nothing on ${address} at any width, dark, light or in forced colours, and nothing scrolls sideways`, async ({
    page,
  }) => {
    test.setTimeout(120_000);
    // Colours are there at once.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(app.url + (await addressOf(address)));
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
    await page.waitForLoadState('networkidle');
    const faults: string[] = [];
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      for (const look of LOOKS) {
        await page.emulateMedia(look);
        const name = `${width}, ${look.forcedColors === 'active' ? 'forced' : look.colorScheme}`;
        const axe = new AxeBuilder({ page });
        // Only colours differ between the looks of one width: the other rules need no second look.
        if (look !== LOOKS[0]) axe.withRules(COLOUR_RULES);
        const { violations } = await axe.analyze();
        faults.push(...violations.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html}`));
        faults.push(...(await overflow(page)).map((what) => `${name}: ${what}`));
      }
    }
    expect(faults).toEqual([]);
  });
}

test('the button that refreshes stays readable while an answer is awaited, with less motion too', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${app.url}/vpn`);
  const refresh = page.getByRole('link', { name: 'Refresh' });
  await expect(refresh).toHaveAttribute('aria-busy', 'false');
  await page.route('**/analytics/**', () => {});
  await refresh.click();
  await expect(refresh).toHaveAttribute('aria-busy', 'true');
  const { violations } = await new AxeBuilder({ page }).withRules(COLOUR_RULES).analyze();
  expect(violations.flatMap(({ nodes }) => nodes.map(({ html }) => html))).toEqual([]);
});
