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
  await app.waitRead();
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
/** The texts that take more than one line. */
const wrapped = (texts: Locator) =>
  texts.evaluateAll((all) =>
    all
      .filter((one) => new Set([...one.getClientRects()].map(({ top }) => top)).size > 1)
      .map(({ textContent }) => textContent),
  );
const inLargeText = (page: Page) =>
  page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
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

test('on a tablet a device’s marks are whole, and each kind of path has its share in numbers', async ({
  page,
}) => {
  for (const language of ['en', 'es']) {
    if (language === 'es') await inSpanish(page);
    await open(page, '/vpn?devices=all', 768);
    const marks = page.locator('#devices [class*=mark]');
    await expect(marks).toHaveCount(2);
    expect(await cut(marks), language).toEqual([]);
    await open(page, '/vpn/health', 768);
    const shares = page.locator('#distribution');
    await expect(shares.getByRole('columnheader').filter({ visible: true })).toHaveCount(5);
    await expect(shares.locator('tbody td i').first()).toBeVisible();
    expect(await sideways(page), language).toBeLessThanOrEqual(0);
    await open(page, '/vpn/health', 390);
    const none = shares.locator('td').filter({ hasText: /^0\s%/ });
    await expect(none.first()).toBeAttached();
    await expect(none.filter({ visible: true })).toHaveCount(0);
  }
});

test('a path is whole as long as the name of its service can give way', async ({ page }) => {
  for (const width of [390, 768]) {
    for (const address of ['/vpn', '/vpn/health']) {
      await open(page, address, width);
      const paths = page.locator('th [class*=named] > :first-child').filter({ hasText: /^\// });
      await expect(paths.first()).toBeVisible();
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

test('with text at 200 % the links beside a heading take a line of their own', async ({ page }) => {
  await open(page, '/vpn/devices/bob-laptop', 768);
  await inLargeText(page);
  const links = page.getByRole('region', { name: /^Last accesses/ }).locator('header a');
  await expect(links).toHaveCount(2);
  expect(await wrapped(links)).toEqual([]);
});

test('hyphens are not torn out of words by the digits of columns', async ({ page }) => {
  for (const address of ['/vpn', '/vpn/health', '/vpn/models', '/vpn/logs', '/vpn/audit']) {
    await open(page, address, 1440);
    await page.locator('details').evaluateAll((all) => {
      for (const one of all) one.setAttribute('open', '');
    });
    const torn = await page.evaluate(() => {
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = new Set<string>();
      while (texts.nextNode()) {
        const { textContent, parentElement } = texts.currentNode;
        if (!parentElement?.checkVisibility() || parentElement.closest('.hidden')) continue;
        if (!/\p{L}-\p{L}/u.test(textContent ?? '')) continue;
        const { fontFamily, fontVariantNumeric } = getComputedStyle(parentElement);
        const isCode = fontFamily.includes('monospace');
        if (!isCode && fontVariantNumeric !== 'normal') found.add(textContent ?? '');
      }
      return [...found];
    });
    expect(torn, address).toEqual([]);
  }
});

test('a device that answered no ping has a scale that a person can read', async ({ page }) => {
  await open(page, '/vpn/devices/garage-cam', 768);
  const chart = page.getByRole('img', { name: /^Latency/ }).first();
  const labels = await chart.getByText(/^[\d.]+\s(ms|s)$/).allTextContents();
  expect(labels.length).toBeGreaterThan(1);
  expect(labels.filter((label) => label.startsWith('0.'))).toEqual([]);
});

test('on a laptop the people of devices and the marks beside names are whole, and so are the facts of an alert', async ({
  page,
}) => {
  await open(page, '/vpn?devices=all', 1280);
  const devices = page.locator('#devices tbody');
  expect(await cut(devices.locator('[data-column=name] bdi, [class*=mark]'))).toEqual([]);
  expect(await cut(devices.locator('[data-column=user] bdi'))).toEqual([]);
  await open(page, '/vpn/devices/garage-cam', 1280);
  const facts = page.getByRole('region', { name: /^Alerts/ }).locator('dd bdi');
  expect(await facts.count()).toBeGreaterThan(0);
  expect(await wrapped(facts)).toEqual([]);
});

/** What an A4 page has between the margins that browsers leave, in CSS pixels. */
const A4 = 700;

test('on A4 people and marks are whole, links that only lead elsewhere are gone, and times have their zone', async ({
  page,
}) => {
  await page.emulateMedia({ media: 'print' });
  const people = page.locator('main bdi').filter({ hasText: /^\w+@[\w.]+$/ });
  for (const address of [
    '/vpn?devices=all',
    '/vpn/accesses',
    '/vpn/devices/bob-laptop',
    '/vpn/audit',
  ]) {
    await open(page, address, A4);
    expect(await people.count(), address).toBeGreaterThan(0);
    const tall = await people.evaluateAll((all) =>
      all
        .filter((one) => one.getBoundingClientRect().height > 30)
        .map(({ textContent }) => textContent),
    );
    expect(tall, address).toEqual([]);
    await expect(page.getByRole('link', { name: /^Details of/ })).toHaveCount(0);
    await expect(page.getByRole('combobox', { name: 'Times in' })).toBeVisible();
  }
  await inSpanish(page);
  await open(page, '/vpn?devices=all', A4);
  expect(await cut(page.locator('#devices [class*=mark]'))).toEqual([]);
  await open(page, '/vpn/devices', A4);
  const frame = page.getByRole('region', { name: /^Dispositivos de la tailnet/ });
  expect(await frame.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
});

test('on paper a list has its rest, and what is not set up is left out', async ({ page }) => {
  await page.emulateMedia({ media: 'print' });
  await open(page, '/vpn', A4);
  const problems = page.getByRole('region', { name: 'Problems' });
  await expect(problems.getByText(/requests\/prophet has become worse/)).toBeVisible();
  await expect(problems.getByText('1 more')).toBeHidden();
  await open(page, '/vpn/traffic', A4);
  await expect(page.getByRole('link', { name: 'greenhouse-pi' })).toBeVisible();
  await expect(page.getByText('Show all 14')).toBeHidden();
  await open(page, '/vpn/health', A4);
  await expect(page.getByText(/^Past alerts \(\d+\)$/)).toBeVisible();
  await expect(page.getByRole('link', { name: /^What raises this alert/ })).toHaveCount(0);
  await open(page, '/vpn/settings', A4);
  await expect(page.getByRole('heading', { name: 'Plan' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Telegram' })).toBeHidden();
  await open(page, '/vpn/logs', A4);
  await expect(page.getByRole('button', { name: 'Follow new lines' })).toBeHidden();
});

test('in forced colours the number of alerts in the menu keeps its outline', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, '/vpn', 1440);
  const badge = page.getByRole('navigation', { name: 'Pages' }).locator('[data-severity]');
  await expect(badge).toHaveCSS('outline-style', 'solid');
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
      await inLargeText(page);
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
    await inSpanish(page);
    await open(page, address, 390);
    await inLargeText(page);
    expect.soft(await sideways(page), 'in Spanish').toBeLessThanOrEqual(0);
  });
}
