import { expect, type Locator, type Page, test } from '@playwright/test';
import { type RunningApp, startApp } from './harness/app';

/** What a reader of a tablet, of a phone or of large text sees of the demo's pages, whose lists are full. */

const PAGES = [
  '/vpn',
  '/vpn/health',
  '/vpn/health/rules',
  '/vpn/accesses',
  '/vpn/services',
  '/vpn/traffic',
  '/vpn/devices',
  '/vpn/devices/bob-laptop',
  '/vpn/models',
  '/vpn/logs',
  '/vpn/audit',
  '/vpn/settings',
  '/api-docs',
  '/me',
];

let app: RunningApp;
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1' } });
  await app.waitHealthy();
});
test.afterAll(() => app.stop());

const open = async (page: Page, address: string, width: number) => {
  await page.setViewportSize({ width, height: 900 });
  await page.goto(app.url + address);
};
const inSpanish = (page: Page) =>
  page.context().addCookies([{ name: 'language', value: 'es', url: app.url }]);
/** The texts that an ellipsis, or the edge of what holds them, cuts. */
const cut = (texts: Locator) =>
  texts.evaluateAll((all) =>
    all
      .filter(({ clientWidth, scrollWidth }) => clientWidth > 0 && scrollWidth > clientWidth)
      .map(({ textContent }) => textContent),
  );
const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('on a tablet the inventory is whole: no column is beyond its frame, and times take one line', async ({
  page,
}) => {
  for (const language of ['en', 'es']) {
    if (language === 'es') await inSpanish(page);
    await open(page, '/vpn/devices', 768);
    const table = page.getByRole('table').first();
    const beyond = await table.evaluate(
      ({ scrollWidth, parentElement }) => scrollWidth - (parentElement?.clientWidth ?? 0),
    );
    expect(beyond, language).toBeLessThanOrEqual(0);
    const times = table.locator('[data-column=expiry] time, [data-column=seen] time');
    const lines = await times.evaluateAll((all) => all.map((one) => one.getClientRects().length));
    expect(new Set(lines), language).toEqual(new Set([1]));
  }
});

test('on a tablet the people of devices and of accesses are named whole, and endpoints too', async ({
  page,
}) => {
  await open(page, '/vpn?devices=all', 768);
  const people = (list: Locator) => list.locator('bdi').filter({ hasText: /@example\.com$/ });
  expect(await cut(people(page.locator('#devices [data-column=user]')))).toEqual([]);
  await open(page, '/vpn/accesses', 768);
  expect(await cut(people(page.locator('tbody')))).toEqual([]);
  const devices = page.locator('tbody [class*=device] bdi');
  expect(await devices.count()).toBeGreaterThan(0);
  expect(await cut(devices)).toEqual([]);
  await open(page, '/vpn/devices/bob-laptop', 768);
  const last = page.getByRole('region', { name: /^Last accesses/ });
  expect(await cut(people(last))).toEqual([]);
  await open(page, '/vpn/health', 768);
  const events = page.getByRole('region', { name: /^Events/ });
  expect(await cut(events.locator('bdi'))).toEqual([]);
  await open(page, '/vpn/audit', 768);
  const who = page.locator('tbody td:nth-child(2) bdi');
  const lines = await who.evaluateAll((all) => all.map((one) => one.getClientRects().length));
  expect(new Set(lines)).toEqual(new Set([1]));
});

test('a path is whole as long as the name of its service can give way', async ({ page }) => {
  for (const width of [390, 768]) {
    for (const address of ['/vpn', '/vpn/health']) {
      await open(page, address, width);
      const paths = page.locator('th [class*=named] > :first-child').filter({ hasText: /^\// });
      expect(await paths.count()).toBeGreaterThan(0);
      const names = paths.locator('xpath=descendant-or-self::bdi');
      expect(await cut(names), `${address}, ${width}`).toEqual([]);
    }
  }
});

test('what is left of a chart stays on the page, and a date does not touch what happened', async ({
  page,
}) => {
  for (const width of [320, 390, 768]) {
    await open(page, '/vpn/devices/bob-laptop?range=7d', width);
    const margin = (await page.getByRole('heading', { level: 1 }).boundingBox())?.x ?? 0;
    const labels = page.getByRole('img').getByText(/^\d[\d,.]*( [kMGT]?B| ms)?$/);
    const lefts = await labels.evaluateAll((all) =>
      all.map((one) => Math.ceil(one.getBoundingClientRect().left)),
    );
    expect(lefts.length).toBeGreaterThan(0);
    expect(Math.min(...lefts), `${width}`).toBeGreaterThanOrEqual(margin);
    const times = page.getByRole('region', { name: /^Events/ }).locator('li > span:first-child');
    expect(await times.count()).toBeGreaterThan(0);
    expect(await cut(times), `${width}`).toEqual([]);
  }
});

test('each call of the API has what it does beside or under it, in the group of its folder', async ({
  page,
}) => {
  for (const width of [390, 768, 1440]) {
    await open(page, '/api-docs', width);
    const apart = await page.locator('details > summary').evaluateAll((all) =>
      all
        .map(({ children: [name, does] }) =>
          [name, does].map((one) => one?.getBoundingClientRect()),
        )
        .filter(([name, does]) => name && does && does.left < name.left)
        .map(([name]) => name?.top),
    );
    expect(apart, `${width}`).toEqual([]);
  }
  const settings = page.getByRole('region', { name: 'settings', exact: true });
  for (const call of ['GET /settings', 'POST /settings', 'POST /settings/test']) {
    await expect(settings.getByText(call, { exact: true })).toBeVisible();
  }
});

test('a command is whole on the page, and not under the button that copies it', async ({
  page,
}) => {
  for (const width of [320, 768]) {
    await open(page, '/api-docs', width);
    const command = page.getByRole('region', { name: /in Docker/ }).locator('pre');
    await expect(command).toContainText('--name my-script');
    expect(await cut(command), `${width}`).toEqual([]);
    const [text, button] = await Promise.all([
      command.boundingBox(),
      page.getByRole('button', { name: /^Copy.*Docker/ }).boundingBox(),
    ]);
    if (!text || !button) throw new Error('there is no command to copy');
    const beside = text.x + text.width <= button.x || text.y + text.height <= button.y;
    expect(beside, `${width}`).toBe(true);
  }
});

test('on paper nothing is written over something else, and lines of the log are whole', async ({
  page,
}) => {
  await page.emulateMedia({ media: 'print' });
  for (const address of ['/vpn/devices/git', '/vpn', '/vpn/health', '/vpn/logs']) {
    await open(page, address, 720);
    const grids = await page.locator('main > *, main section').evaluateAll((all) =>
      all
        .filter((one) => getComputedStyle(one).display === 'grid')
        .filter((one) => one.querySelectorAll(':scope > section').length > 1)
        .map(({ className }) => className),
    );
    expect(grids, address).toEqual([]);
  }
  expect(await cut(page.locator('li summary [class*=message]'))).toEqual([]);
});

for (const address of PAGES) {
  test(`${address} with text at 200 %: nothing is letter below letter, over its neighbour or beyond the edge`, async ({
    page,
  }) => {
    for (const width of [390, 768]) {
      await open(page, address, width);
      await page.evaluate(() => {
        document.documentElement.style.fontSize = '200%';
      });
      expect.soft(await sideways(page), `${width}`).toBeLessThanOrEqual(0);
      const squeezed = await page
        .locator('main :is(td, tbody th, li, dd, span, bdi, p)')
        .evaluateAll((all) =>
          all
            .filter((one) => !one.closest('.hidden, details:not([open]) > :not(summary), thead'))
            .filter(({ textContent }) => (textContent?.length ?? 0) > 3)
            .filter(({ clientWidth: w, clientHeight: h }) => w > 0 && w < 60 && h > 160)
            .map(({ textContent }) => textContent?.slice(0, 60)),
        );
      expect.soft(squeezed, `${width}`).toEqual([]);
    }
  });
}
