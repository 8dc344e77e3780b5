import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';

const LONG = 'x'.repeat(200);
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';
const line = (ip: string, request: string, status = 200) => {
  const [, day, month, year, clock] = new Date().toUTCString().split(' ');
  return `${ip} - - [${day}/${month}/${year}:${clock} +0000] "GET ${request} HTTP/1.1" ${status} 512 "-" "${BROWSER}" 0.042\n`;
};
const CUSTOM = '?from=2025-12-30T00:00Z&to=2026-01-02T12:00Z';

let folder: string;
let tailscaled: FakeTailscaled;
let app: RunningApp;
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'layout-'));
  const log = path.join(folder, 'access.log');
  const lines = Array.from({ length: 300 }, () => line('100.64.0.2', '/dashboard'));
  lines.push(line('100.64.0.3', '/gone', 404), line('100.64.0.2', '/שלום'));
  await writeFile(log, lines.join(''));
  const status = await readFile('e2e/fixtures/tailscale/status-constructed.json', 'utf8');
  tailscaled = await fakeTailscaled({ status: status.replaceAll('chocolate-factory-dev', LONG) });
  app = await startApp({
    env: {
      TAILSCALE_SOCKET: tailscaled.socketPath,
      ACCESS_LOG: log,
      CRITICAL_NODES: `git,nono-desktop,${LONG}`,
      CONNECTION_INTERVAL_SECONDS: '30',
    },
  });
  await app.waitHealthy();
  const critical = () => fetch(`${app.url}/health-monitoring/critical`).then((r) => r.text());
  await expect.poll(critical, { timeout: 45_000 }).toContain(LONG);
});
test.afterAll(async () => {
  await app.stop();
  await tailscaled.close();
  await rm(folder, { recursive: true, force: true });
});

const open = async (page: Page, address: string, width: number) => {
  await page.setViewportSize({ width, height: 900 });
  await page.goto(app.url + address);
};
/** What makes the page scroll sideways, if anything does: how far, and the elements that end beyond its edge. */
const overflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const beyond = (element: Element) => element.getBoundingClientRect().right - clientWidth;
    const out = [...document.querySelectorAll('body *')]
      .filter((element) => beyond(element) > 0)
      .map((element) => {
        const name = `${element.tagName}.${element.getAttribute('class')}`;
        return `${name}: +${beyond(element).toFixed(1)}: ${element.textContent}`.slice(0, 120);
      });
    return [`${scrollWidth - clientWidth} px`, ...out];
  });
/** Text is as wide as a machine's fonts make it; one that is not installed falls back to the default. */
const FONTS = ['system-ui', 'DejaVu Sans', 'Liberation Sans', 'monospace'];
const inLargeText = (page: Page, font: string) =>
  page.evaluate((family) => {
    const { style } = document.documentElement;
    style.fontSize = '200%';
    for (const name of ['--font', '--mono']) style.setProperty(name, family);
  }, font);
/** How many lines the text that each element begins with takes. */
const lineCounts = (elements: Locator) =>
  elements.evaluateAll((all) =>
    all.map((element) => {
      const range = document.createRange();
      const { firstChild } = element;
      range.selectNodeContents(firstChild instanceof Text ? firstChild : element);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    }),
  );

test('no label of the menu wraps, and all are on screen, at any width or with text at 200 %', async ({
  page,
}) => {
  const menu = page.getByRole('navigation', { name: 'Pages' });
  const labels = menu.getByRole('link');
  const hidden = () => menu.evaluate((one) => one.scrollWidth - one.clientWidth);
  for (const width of [320, 390, 721, 768, 850, 979, 1001, 1100, 1440]) {
    await open(page, '/vpn/health', width);
    expect(new Set(await lineCounts(labels)), `${width}`).toEqual(new Set([1]));
    expect(await hidden(), `${width}`).toBe(0);
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    expect(new Set(await lineCounts(labels)), `${width}, 200 %`).toEqual(new Set([1]));
    expect(await hidden(), `${width}, 200 %`).toBe(0);
    expect(await overflow(page), `${width}, 200 %`).toEqual([]);
  }
});

test('names have room in every table, and no heading sticks out of its column', async ({
  page,
}) => {
  for (const width of [641, 768, 1001, 1024, 1080, 1100, 1184, 1280, 1440]) {
    for (const address of ['/vpn', '/vpn/health']) {
      await open(page, address, width);
      const faults = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('.grid-table th')].flatMap((cell) => {
          const { visibility } = getComputedStyle(cell);
          if (!cell.offsetParent || visibility === 'hidden') return [];
          const narrow = cell.matches('tbody th') && cell.clientWidth < 60;
          const out = cell.matches('thead th') && cell.scrollWidth > cell.clientWidth + 1;
          return narrow || out ? [`${cell.textContent?.slice(0, 30)}: ${cell.clientWidth}`] : [];
        }),
      );
      expect(faults, `${address} at ${width}`).toEqual([]);
    }
  }
});

test('at 320 pixels nothing scrolls sideways', async ({ page }) => {
  for (const address of ['/vpn', '/vpn/health', '/vpn/devices/git', '/vpn/accesses', '/me']) {
    await open(page, address, 320);
    expect(await overflow(page), address).toEqual([]);
  }
});

for (const width of [390, 320]) {
  test(`with a custom range and a filter everything in the bar is on screen at ${width} pixels`, async ({
    page,
  }) => {
    await open(page, `/vpn${CUSTOM}&user=bob%40example.com`, width);
    for (const control of [
      page.getByRole('link', { name: 'Refresh' }),
      page.getByRole('link', { name: /Remove the filter user/ }),
      page.getByText('Dec 30 2025'),
    ]) {
      const box = await control.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    }
    expect(await overflow(page)).toEqual([]);
  });
}

test('a name of 200 characters widens neither its own page nor the filters of Health', async ({
  page,
}) => {
  for (const address of ['/vpn/devices/3', '/vpn/devices/git?compare=3', '/vpn/health', '/vpn']) {
    await open(page, address, 1440);
    expect(await overflow(page), address).toEqual([]);
  }
  await open(page, '/vpn/health', 1440);
  const box = await page.locator('input[name=node]').boundingBox();
  expect(box?.width).toBeLessThan(300);
});

test('a reversed range says so and stays in the form; in an address too', async ({ page }) => {
  await open(page, '/vpn', 1440);
  await page.getByText('Custom', { exact: true }).click();
  await page.getByLabel('From', { exact: true }).fill('2026-11-03T00:00');
  await page.getByLabel('To', { exact: true }).fill('2026-11-01T00:00');
  await page.getByRole('button', { name: 'Show this range' }).click();
  await expect(page.getByText('The end of the range must be after its start.')).toBeVisible();
  await expect(page.getByLabel('From', { exact: true })).toHaveValue('2026-11-03T00:00');
  await expect(page).toHaveURL(/\/vpn$/);
  await open(page, '/vpn?from=2026-11-03T00:00Z&to=2026-11-01T00:00Z', 1440);
  await expect(page.getByText('Showing the last 7 days.')).toBeVisible();
});

test('a press outside closes the custom range, and so does Escape', async ({ page }) => {
  await open(page, '/vpn', 1440);
  const from = page.getByLabel('From', { exact: true });
  const summary = page.getByText('Custom', { exact: true });
  await summary.click();
  await expect(from).toBeVisible();
  await page.mouse.click(1_300, 500);
  await expect(from).toBeHidden();
  await summary.click();
  await from.press('Escape');
  await expect(from).toBeHidden();
  await expect(summary).toBeFocused();
});

test('a path in another script keeps its slash in front', async ({ page }) => {
  await open(page, '/vpn', 1440);
  const name = page.getByRole('region', { name: /^Endpoints/ }).getByText('/שלום');
  const [slash = 0, letter = 0] = await name.evaluate((element) => {
    const text = element.firstChild;
    if (!text) return [];
    return [0, 1].map((index) => {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + 1);
      return range.getBoundingClientRect().left;
    });
  });
  expect(slash).toBeLessThan(letter);
});

test('with text at 200 % the dashboard does not scroll sideways, and its names have room', async ({
  page,
}) => {
  for (const width of [300, 320, 340]) {
    for (const font of FONTS) {
      await open(page, '/vpn', width);
      await inLargeText(page, font);
      expect.soft(await overflow(page), `${width}, ${font}`).toEqual([]);
    }
  }
  for (const width of [320, 768, 1440]) {
    await open(page, '/vpn', width);
    await inLargeText(page, 'system-ui');
    expect(await overflow(page), `${width}`).toEqual([]);
    const names = page.locator('.grid-table tbody th, [class*=hits] tbody td:nth-child(4)');
    const narrow = () =>
      names.evaluateAll((all) =>
        all
          .filter(({ clientWidth: shown }) => shown > 0 && shown < 60)
          .map((one) => `${one.textContent} (${one.className}): ${one.clientWidth}`),
      );
    await expect.poll(narrow, { message: `${width}` }).toEqual([]);
    const values = page.getByRole('region', { name: 'Numbers' }).locator('[class*=value]');
    expect(new Set(await lineCounts(values)), `${width}`).toEqual(new Set([1]));
  }
});

test('with text at 200 % no page scrolls sideways, and no word is written letter below letter', async ({
  page,
}) => {
  for (const width of [768, 1440]) {
    for (const address of [
      '/vpn',
      '/vpn/health',
      '/vpn/devices',
      '/vpn/devices/git',
      '/vpn/models',
    ]) {
      await open(page, address, width);
      await inLargeText(page, 'system-ui');
      expect.soft(await overflow(page), `${address}, ${width}`).toEqual([]);
      const tall = await page.locator('main :is(td, th, li > span)').evaluateAll((all) =>
        all
          .filter((one) => !one.closest('.hidden, details:not([open])'))
          .filter(({ clientWidth, clientHeight }) => clientWidth < 60 && clientHeight > 160)
          .map(({ textContent }) => textContent),
      );
      expect.soft(tall, `${address}, ${width}`).toEqual([]);
    }
  }
});

test('on a tablet the names of devices are whole, and nothing beside them is cut off', async ({
  page,
}) => {
  for (const language of ['en', 'es']) {
    await page.context().addCookies([{ name: 'language', value: language, url: app.url }]);
    await open(page, '/vpn?devices=all', 768);
    const cut = await page
      .locator('#devices tbody')
      .locator('th bdi, [data-column=path] > span')
      .evaluateAll((all) =>
        all
          .filter((one) => (one.textContent?.length ?? 0) < 24)
          .filter((one) => one.scrollWidth > (one.closest('td') ?? one).clientWidth)
          .map((one) => one.textContent),
      );
    expect(cut, language).toEqual([]);
  }
});

test('the search, filters and order of devices are in the address, and stay when the range changes', async ({
  page,
}) => {
  await open(page, '/vpn', 1440);
  const devices = page.getByRole('region', { name: /^Devices/ });
  await devices.getByRole('searchbox').fill('git');
  await devices.getByRole('button', { name: 'Name' }).click();
  await expect(page).toHaveURL(/find=git&sort=name$/);
  await page.getByRole('link', { name: '30\u00a0d', exact: true }).click();
  await expect(page).toHaveURL(/range=30d&find=git&sort=name$/);
  await page.reload();
  await expect(devices.getByRole('searchbox')).toHaveValue('git');
  await expect(devices.getByRole('columnheader', { name: 'Name' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  await expect(devices.locator('tbody tr')).toHaveCount(2);
});

test('a single error among hundreds is drawn as one', async ({ page }) => {
  await open(page, '/vpn?range=24h', 1440);
  const chart = page.getByRole('img', { name: /^Accesses per/ });
  const errors = chart.locator('svg g').nth(1);
  const paths = await errors
    .locator('path')
    .evaluateAll((all) => all.map((p) => p.getAttribute('d')));
  const [, height] = /^M[\d.]+ [\d.]+v-([\d.]+)h\.8v\1z$/.exec(paths.join('')) ?? [];
  // The drawing is 1000 high, and reaches as far as the highest label.
  const labels = await chart.getByText(/^[\d,]+$/).allTextContents();
  const top = Math.max(...labels.map((label) => Number(label.replace(',', ''))));
  expect((Number(height) / 1000) * top).toBeCloseTo(1, 5);
});

test('the menu keeps the range and the filters', async ({ page }) => {
  await open(page, '/vpn?range=30d&user=bob%40example.com', 1440);
  const menu = page.getByRole('navigation', { name: 'Pages' });
  for (const name of ['Health', 'Accesses', 'Dashboard']) {
    await menu.getByRole('link', { name }).click();
    await expect(page).toHaveURL(/range=30d&user=bob%40example.com/);
  }
});

test('/me names the port that this dashboard has', async ({ page }) => {
  await open(page, '/me', 1440);
  const { port } = new URL(app.url);
  await expect(page.getByRole('main')).toContainText(`tailscale serve --bg ${port}`);
});

test('nothing typed after Ctrl-K is lost while its data loads', async ({ page }) => {
  await page.route('**/analytics/devices*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
  await open(page, '/vpn/accesses', 1440);
  await expect(page.getByRole('button', { name: /Find/ })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('git');
  await expect(page.getByRole('combobox', { name: /find/i })).toHaveValue('git');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/vpn\/devices\/2$/);
});

test('the field that comes with the code of Ctrl-K has the focus as soon as it is there', async ({
  page,
}) => {
  await open(page, '/vpn/accesses', 1440);
  await page.waitForLoadState('networkidle');
  // Watching before the key is pressed: a key may overtake what is evaluated.
  const watch = await page.evaluateHandle(() => ({
    hasFocus: new Promise<boolean>((resolve) => {
      new MutationObserver(() => {
        const field = document.querySelector('[role=combobox]');
        if (field) resolve(document.activeElement === field);
      }).observe(document.body, { childList: true, subtree: true });
    }),
  }));
  await page.keyboard.press('Control+k');
  expect(await watch.evaluate(({ hasFocus }) => hasFocus)).toBe(true);
});

test('Ctrl-K finds pages by what is on them, and devices by their state', async ({ page }) => {
  await open(page, '/vpn', 1440);
  await page.keyboard.press('Control+k');
  const input = page.getByRole('combobox', { name: /find/i });
  await input.fill('relay');
  await expect(page.getByRole('option', { name: /Health/ })).toBeVisible();
  await input.fill('offline');
  await expect(page.getByRole('option', { name: /device .*offline/ }).first()).toBeVisible();
  await input.fill('page health');
  await input.press('Enter');
  await expect(page).toHaveURL(/\/vpn\/health$/);
});

test('a term is explained on focus, to screen readers too, until Escape', async ({ page }) => {
  await open(page, '/vpn', 1440);
  const term = page.getByRole('region', { name: 'Numbers' }).getByRole('button', { name: 'p95' });
  await expect(term).toHaveAccessibleDescription(/95 of 100 responses/);
  await term.focus();
  const tip = page.getByRole('tooltip').filter({ hasText: '95 of 100', visible: true });
  await expect(tip).toBeVisible();
  await term.press('Escape');
  await expect(tip).toHaveCount(0);
});

test('high contrast keeps the current page and the meters visible', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, '/vpn', 1440);
  const menu = page.getByRole('navigation', { name: 'Pages' });
  const border = (name: string) =>
    menu.getByRole('link', { name }).evaluate((link) => getComputedStyle(link).borderBottomColor);
  expect(await border('Dashboard')).not.toBe(await border('Health'));
  const meters = page.getByRole('region', { name: /^Endpoints/ }).locator('td > i');
  const [meter, ground] = await meters
    .first()
    .evaluate((element) =>
      [element, document.body].map((one) => getComputedStyle(one).backgroundColor),
    );
  expect(meter).not.toBe(ground);
});

test('on paper there is nothing to press, and charts are drawn to fit', async ({ page }) => {
  await open(page, '/vpn', 1440);
  const chart = page.getByRole('img', { name: /^Accesses per/ });
  await chart.hover();
  await expect(chart.locator('canvas')).toBeVisible();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.setViewportSize({ width: 720, height: 1000 });
  await expect(chart.locator('canvas')).toHaveCount(0);
  await expect(chart.locator('svg')).toBeVisible();
  for (const gone of [
    page.getByRole('navigation', { name: 'Pages' }),
    page.getByRole('button', { name: /CSV/ }).first(),
    page.getByRole('link', { name: 'Refresh' }),
  ]) {
    await expect(gone).toBeHidden();
  }
  const light = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  expect(light).toBe('light');
  expect(await overflow(page)).toEqual([]);
});

test('on paper no table is cut, headings that sort stay, and settings have their values', async ({
  page,
}) => {
  await page.emulateMedia({ media: 'print' });
  await open(page, '/vpn/devices', 720);
  const frame = page.getByRole('region', { name: /^Devices of the tailnet/ });
  const cut = await frame.evaluate((one) => one.scrollWidth - one.clientWidth);
  expect(cut).toBe(0);
  await open(page, '/vpn', 720);
  const headings = page.getByRole('region', { name: /^Devices/ }).getByRole('columnheader');
  for (const name of ['Name', 'Last seen', 'Key expires']) {
    await expect(headings.getByText(name, { exact: true })).toBeVisible();
  }
  const ranges = page.getByRole('navigation', { name: 'Range' }).locator('a, summary');
  await expect(ranges.filter({ visible: true })).toHaveText(['7\u00a0d']);
  await open(page, '/vpn/settings', 720);
  await expect(page.getByRole('textbox', { name: 'Critical devices' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' }).first()).toBeHidden();
});
