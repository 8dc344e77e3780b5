import { readdirSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { type RunningApp, startApp } from './harness/app';

const PAGES = [
  '/vpn',
  '/vpn/health',
  '/vpn/health/rules',
  '/vpn/accesses',
  '/vpn/services',
  '/vpn/traffic',
  '/vpn/devices',
  '/vpn/models',
  '/vpn/logs',
  '/vpn/audit',
  '/vpn/settings',
  '/vpn/devices/nobody',
  '/me',
  '/api-docs',
  '/nowhere',
];

let app: RunningApp;
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1', LANGUAGE: 'es' } });
  await app.waitHealthy();
  await app.waitRead();
});
test.afterAll(() => app.stop());

/** Returns what a page says, by its elements: text, names for screen readers, tooltips. What is code has no language. */
function saidOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const said: string[] = [];
    const others = 'script, style, code, kbd, pre, samp, bdi, time, [lang="en"], [translate="no"]';
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!(node instanceof Element) || node.closest(others)) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        const value = node.getAttribute(name);
        if (value) said.push(value);
      }
      const own = [...node.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE);
      said.push(own.map((child) => child.textContent ?? '').join(' '));
    }
    return [...new Set(said.map((text) => text.trim()).filter((text) => text !== ''))];
  });
}

/** Words that only English has, and no name or unit is. */
const ENGLISH =
  /(?<![\w/-])(the|is|are|was|were|of|and|not|with|from|this|that|has|have|been|for|which|its|their|than|since|show|all|last|days?|hours?|device|devices|access|accesses|no data|what|when|who|only|more|less|by|into|over|each|every|while|then|there|until|online|offline|unknown|none|yes)(?![\w:-])/i;
const AREAS = readdirSync('lib/i18n/messages/en').map((file) => file.replace('.json', ''));
const KEY = new RegExp(`(?<![\\w/.-])(${AREAS.join('|')})\\.[a-z]\\w+\\b`);

test.describe('in Spanish', () => {
  test.use({ locale: 'es-ES' });

  for (const path of PAGES) {
    test(`${path} says nothing in English`, async ({ page }) => {
      await page.goto(app.url + path);
      await page.waitForLoadState('networkidle');
      await expect(page.locator('html')).toHaveAttribute('lang', 'es');
      const said = await saidOn(page);
      expect(said.length).toBeGreaterThan(5);
      expect(said.filter((text) => KEY.test(text))).toEqual([]);
      expect(said.filter((text) => ENGLISH.test(text))).toEqual([]);
    });
  }

  test('a device has its page in Spanish', async ({ page }) => {
    await page.goto(`${app.url}/vpn`);
    await page.getByRole('link', { name: 'nas', exact: true }).first().click();
    await page.waitForLoadState('networkidle');
    const said = await saidOn(page);
    expect(said.filter((text) => KEY.test(text) || ENGLISH.test(text))).toEqual([]);
  });

  test('dates and numbers are written as in Spanish', async ({ page }) => {
    await page.goto(`${app.url}/vpn?range=90d`);
    await expect(page.getByRole('main')).toContainText(/\d{2}\.\d{3}/);
    await expect(page.getByRole('main')).toContainText(
      /\d\s(sept|oct|nov|dic|ene|feb|mar|abr|may|jun|jul|ago)/,
    );
  });
});

test('the language is the browser’s, until another is chosen; the choice is kept', async ({
  browser,
}) => {
  const context = await browser.newContext({ locale: 'es-MX' });
  const page = await context.newPage();
  await page.goto(`${app.url}/vpn/health`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await page.waitForLoadState('networkidle');
  await page.getByRole('combobox', { name: 'Idioma' }).selectOption('en');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.goto(`${app.url}/vpn`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('link', { name: 'Health' }).first()).toBeVisible();
  await context.close();
});

test('a page is rendered in its language by the server, without JavaScript too', async ({
  browser,
}) => {
  const context = await browser.newContext({ locale: 'es-ES', javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${app.url}/vpn`);
  const said = await page.getByRole('main').textContent();
  expect(said).toContain('Accesos');
  expect(said).not.toMatch(KEY);
  await context.close();
});
