import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import type { LogsResponse } from '../lib/api/logs';
import type { LogsOverviewResponse } from '../lib/api/logs-overview';
import { type RunningApp, startApp } from './harness/app';

const HOUR = 3_600_000;
const MEGABYTE = 1_000_000;
/** On a full hour, so that the bars of a day begin where the lines do. */
const now = Math.floor(Date.now() / HOUR) * HOUR;
let app: RunningApp;

const line = (at: number, level: string, message: string, data?: object) =>
  `${JSON.stringify({
    ...{ level, timestamp: new Date(at).toISOString(), logger: 'made', module: 'lib/made' },
    ...{ function: 'make', line: 1, data, message },
  })}\n`;

test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1', TIME_ZONE: 'America/St_Johns' } });
  await app.waitHealthy();
  const folder = path.join(app.dataDir, 'demo', 'logs');
  await mkdir(folder, { recursive: true });
  const name = `observatory-${new Date(now - 30 * HOUR).toISOString().replace(/[-:.]/g, '')}.log`;
  const lines = Array.from({ length: 412 }, (_, i) =>
    line(now - 5 * HOUR + i * 1_000, 'ERROR', `made ${i} of “disk ${i % 7}” at 100.64.0.${i % 9}`),
  );
  const others = [line(now - 3 * HOUR, 'ERROR', 'made something else', { device: 'git' })];
  await writeFile(path.join(folder, name), [...lines, ...others].join(''));
});
test.afterAll(async () => {
  await app.stop();
});

const PATTERN = 'made <n> of <name> at <address>';
const made = '/vpn/logs?level=ERROR&hours=24&logger=made';
const chart = (page: Page) => page.getByRole('slider', { name: /^Time in the chart/ });
const json = async <T>(address: string): Promise<T> => (await fetch(app.url + address)).json();

test('what says the same is one line with its count, and a click shows only these', async ({
  page,
}) => {
  await page.goto(app.url + made);
  const frequent = page.getByRole('region', { name: 'Most frequent messages' });
  await expect(frequent.getByRole('listitem').first()).toContainText('412 ×');
  await frequent.getByRole('link', { name: PATTERN }).click();
  await expect(page).toHaveURL(/pattern=made/);
  await expect(page.getByRole('region', { name: 'Lines over time' })).toContainText('412 lines');
  await expect(page.getByRole('main').locator('ol')).not.toContainText('something else');
  await page.getByRole('link', { name: 'Any message' }).click();
  await expect(page.getByRole('region', { name: 'Lines over time' })).toContainText('413 lines');
});

test('dragging over the bars shows only that time, as do the arrow keys, and two fields before JavaScript', async ({
  page,
  browser,
}) => {
  await page.goto(app.url + made);
  const box = await chart(page).boundingBox();
  if (!box) throw new Error('there is no chart');
  const y = box.y + box.height / 2;
  const x = (time: number) => box.x + box.width * (1 - (Date.now() - time) / (24 * HOUR));
  await page.mouse.move(x(now - 5.6 * HOUR), y);
  await page.mouse.down();
  await page.mouse.move(x(now - 4 * HOUR), y, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(page.getByRole('list', { name: 'Narrowed to' })).toContainText('Any time');
  await expect(page.getByRole('region', { name: 'Lines over time' })).toContainText('412 lines');

  await page.goto(app.url + made);
  await page.mouse.move(0, 0);
  await chart(page).focus();
  await expect(chart(page)).toHaveAttribute('aria-valuetext', /No lines/);
  const text = async () => (await chart(page).getAttribute('aria-valuetext')) ?? '';
  for (let i = 0; i < 10 && !/, 1\serror$/.test(await text()); i++) {
    await page.keyboard.press('ArrowLeft');
  }
  await expect(chart(page)).toHaveAttribute('aria-valuetext', /, 1\serror$/);
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Lines over time' })).toContainText('1 line');
  await expect(chart(page)).toBeFocused();
  await expect(page.getByRole('main').locator('ol')).toContainText('something else');

  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(app.url + made);
  const clock = (time: number) =>
    new Date(time).toLocaleString('sv-SE', { timeZone: 'America/St_Johns' }).replace(' ', 'T');
  await plain.getByLabel('From', { exact: true }).fill(clock(now - 3.5 * HOUR));
  await plain.getByLabel('To', { exact: true }).fill(clock(now - 2.5 * HOUR));
  await plain.getByRole('button', { name: 'Show this time' }).click();
  await expect(plain.getByRole('main').locator('ol > li')).toHaveCount(1);
  await expect(plain.getByRole('main').locator('ol')).toContainText('something else');
  await context.close();
});

test('times are what the clocks of the page showed', async ({ page }) => {
  await page.goto(`${app.url}${made}&text=something+else`);
  const at = now - 3 * HOUR;
  const clock = new Date(at).toLocaleTimeString('sv-SE', { timeZone: 'America/St_Johns' });
  const row = page.getByRole('main').locator('ol > li summary');
  await expect(row).toContainText(clock);
  await row.click();
  await expect(page.getByRole('main')).toContainText(`${clock} UTC−`);
});

test('all lines that match can be saved, and the page says how many before', async ({ page }) => {
  await page.goto(app.url + made);
  await expect(page.getByText('Download all 413 lines as')).toBeVisible();
  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV', exact: true }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^log_.*_level-ERROR_logger-made\.csv$/);
  const rows = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
  expect(rows[0]).toBe(
    'timestamp,level,logger,message,module,function,line,user,request_id,exception,data',
  );
  expect(rows).toHaveLength(414);
  expect(rows[1]).toContain('made 0 of');
  expect(rows[413]).toContain('{""device"":""git""}');
  const address = await page.getByRole('link', { name: 'JSON Lines' }).getAttribute('href');
  const lines = (await (await fetch(app.url + address)).text()).trimEnd().split('\n');
  const { entries } = await json<LogsResponse>(
    '/logs/search?level=ERROR&logger=made&hours=24&limit=1000',
  );
  expect(lines.map((one) => JSON.parse(one))).toEqual(entries.reverse());
});

test('a large log costs what is bounded, and what was not counted is said', async ({ page }) => {
  test.setTimeout(120_000);
  const folder = path.join(app.dataDir, 'demo', 'logs');
  const begin = now - 48 * HOUR;
  const file = `observatory-${new Date(begin).toISOString().replace(/[-:.]/g, '')}.log`;
  for (let part = 0; part < 10; part++) {
    const lines: string[] = [];
    for (let i = 0, size = 0; size < 40 * MEGABYTE; i++) {
      lines.push(line(begin + part * HOUR + i * 20, 'INFO', `large ${i} ${'x'.repeat(80)}`));
      size += lines.at(-1)?.length ?? 0;
    }
    await appendFile(path.join(folder, file), lines.join(''));
  }
  const began = performance.now();
  const found = await json<LogsOverviewResponse>('/logs/overview?level=DEBUG&hours=72');
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(found.complete).toBe(false);
  expect(found.scanned_bytes).toBeGreaterThan(MEGABYTE);
  await page.goto(`${app.url}/vpn/logs?level=DEBUG&hours=168&logger=made&text=large`);
  await expect(page.getByRole('region', { name: 'Lines over time' })).toContainText(
    /since \d{4}-.*older ones were not counted/,
  );
  await expect(page.getByText('Download all lines that match, more than')).toBeVisible();
});

for (const width of [320, 768, 1440]) {
  for (const scheme of ['dark', 'light'] as const) {
    test(`axe finds nothing on the log at ${width} pixels, ${scheme}, in Spanish too`, async ({
      browser,
    }) => {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: scheme,
      });
      const page = await context.newPage();
      for (const language of ['en', 'es']) {
        await context.addCookies([{ name: 'language', value: language, url: app.url }]);
        await page.goto(`${app.url}/vpn/logs?hours=24`);
        await page.waitForTimeout(500);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map((v) => `${v.id} ${v.nodes[0]?.html}`)).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
      }
      await context.close();
    });
  }
}
