import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import ICAL from 'ical.js';
import { SignedLinks } from '../lib/identity/signed-links';
import { type RunningApp, startApp } from './harness/app';
import { ask } from './harness/raw-http';

const PROXY = '127.0.0.9';
/** Whose requests come from the internet. */
const STRANGER = { from: PROXY, headers: { 'X-Forwarded-For': '203.0.113.7' } };
/** A person of the demo tailnet, who may look. */
const VIEWER = { from: PROXY, headers: { 'X-Forwarded-For': '100.101.102.6' } };
const JSON_BODY = { 'Content-Type': 'application/json' };

let app: RunningApp;
let other: Server;
test.beforeAll(async () => {
  app = await startApp({
    env: {
      DEMO: '1',
      TRUSTED_PROXIES: PROXY,
      PUBLIC_BADGES: 'online/nas, uptime',
      TIME_ZONE: 'Europe/Madrid',
    },
  });
  await app.waitHealthy();
  // Another site, on whose page the address in the query is in a frame.
  other = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const src = searchParams.get('frame') ?? '';
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>other</title><iframe src="${src}"></iframe>`);
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
});
test.afterAll(async () => {
  other.close();
  await app.stop();
});

const get = (address: string, headers: Record<string, string> = {}) =>
  ask(app.url, { path: address, headers });
const titleOf = (svg: string) => /<title>(.*?)<\/title>/s.exec(svg)?.[1];

async function makeLink(body: object): Promise<{ path: string; expires_at: string }> {
  const { status, body: answer } = await ask(app.url, {
    ...{ method: 'POST', path: '/widgets/links', headers: JSON_BODY },
    body: JSON.stringify(body),
  });
  expect(status, answer).toBe(201);
  return JSON.parse(answer);
}

test('the summary has the documented fields, and the numbers that the pages have', async () => {
  const summary = JSON.parse((await get('/widgets/summary.json')).body);
  expect(Object.keys(summary)).toEqual([
    ...['generated_at', 'healthy', 'devices', 'devices_online', 'critical', 'critical_online'],
    ...['critical_direct', 'critical_relayed', 'uptime_24h', 'latency_ms', 'alerts_firing'],
    ...['worst_alert', 'accesses_today', 'people_today', 'next_key_expiry'],
    ...['next_key_expiry_device', 'next_key_expiry_days'],
  ]);
  // Between two answers a device may have gone, or an alert begun.
  await expect(async () => {
    const now = JSON.parse((await get('/widgets/summary.json')).body);
    const pages = JSON.parse((await get('/health-monitoring/summary')).body);
    expect(now).toMatchObject({
      devices: pages.nodes,
      critical_online: pages.critical_online,
      alerts_firing: pages.alerts_firing,
    });
    const { open } = JSON.parse((await get('/health-monitoring/alerts')).body);
    expect(open.map(({ title }: { title: string }) => title)).toContain(now.worst_alert);
  }).toPass();
  const { devices } = JSON.parse((await get('/analytics/devices')).body);
  type Key = { hostname: string; classification: string; key_expiry: string | null };
  const keys: Key[] = devices.filter(
    (one: Key) => one.classification === 'own' && one.key_expiry !== null,
  );
  const first = keys.sort((a, b) => `${a.key_expiry}`.localeCompare(`${b.key_expiry}`))[0];
  expect(summary.next_key_expiry_device).toBe(first?.hostname);
  expect(summary.next_key_expiry).toBe(first?.key_expiry);
  // The demo's log is read after the start.
  const accesses = async () => JSON.parse((await get('/widgets/summary.json')).body).accesses_today;
  await expect.poll(accesses, { timeout: 30_000 }).toBeGreaterThan(0);
});

test.describe('badges', () => {
  test('say what a device does, by any of its names, in the language of who asks', async () => {
    const badge = async (name: string, headers = {}) =>
      titleOf((await get(`/badge/${name}.svg`, headers)).body);
    expect(await badge('online/nas')).toBe('nas: online');
    expect(await badge('online/NAS.demo-otter.example')).toBe('nas: online');
    expect(await badge('online/100.101.102.16')).toMatch(/^garage-cam: (offline|not answering)$/);
    expect(await badge('latency/nas')).toMatch(/^nas latency: [\d.]+.ms$/);
    expect(await badge('uptime/nas')).toMatch(/^nas uptime, 30 d: [\d.]+.%$/);
    expect(await badge('online')).toMatch(/^tailnet: \d+ of \d+ online$/);
    expect(await badge('uptime')).toMatch(/^tailnet uptime, 30 d: [\d.]+.%$/);
    expect(await badge('latency')).toMatch(/^tailnet latency: [\d.]+.ms$/);
    expect(await badge('latency/chocolate-factory')).toBe('chocolate-factory latency: unknown');
    expect(await badge('online/nas', { 'Accept-Language': 'es' })).toBe('nas: en línea');
    expect(titleOf((await get('/badge/uptime/nas.svg?days=7')).body)).toMatch(/^nas uptime, 7 d/);
  });

  test('may be kept for a minute, and are sent again only when they have changed', async () => {
    const { status, headers } = await get('/badge/online/nas.svg');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('image/svg+xml; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=60');
    expect(headers.vary).toContain('Accept-Language');
    const again = await get('/badge/online/nas.svg', { 'If-None-Match': `${headers.etag}` });
    expect([again.status, again.body]).toEqual([304, '']);
    expect((await get('/badge/online/git.svg')).headers['cache-control']).toBe(
      'private, max-age=60',
    );
  });

  test('are public only when they are named, however the path is written', async () => {
    const asked = async (address: string) =>
      (await ask(app.url, { ...STRANGER, path: address })).status;
    expect(await asked('/badge/online/nas.svg')).toBe(200);
    expect(await asked('/badge/online/NAS.svg')).toBe(200);
    expect(await asked('/badge/uptime.svg')).toBe(200);
    for (const address of [
      ...['/badge/latency/nas.svg', '/badge/uptime/nas.svg', '/badge/online.svg'],
      ...['/badge/online/git.svg', '/badge/online/100.101.102.4.svg', '/badge/online/nobody.svg'],
      ...['/badge/online/nas', '/badge/online/nas.png', '/badge/', '/badge/online/nas.svg/'],
      ...['/badge/online/nas.svg/x.svg', '/widgets/summary.json', '/widgets/key-expiries.ics'],
      ...['/badge/online/nas%0a.svg', '/badge/online/%6eas/git.svg'],
    ]) {
      expect(await asked(address), address).toBe(403);
    }
    for (const address of [
      ...['/badge/online/nas.svg/../../latency/nas.svg', '/badge/online/nas.svg/%2e%2e/git.svg'],
      ...['//badge/online/nas.svg', '/badge/online%2fnas.svg', '/badge/online/nas%00.svg'],
      ...['/badge/../vpn', '/badge/online/..%2f..%2fvpn.svg', '/badge/online/%zz.svg'],
    ]) {
      expect(await asked(address), address).toBe(400);
    }
    expect(await asked('/badge/online/nas.svg?surprise=1')).toBe(400);
    const posted = { ...STRANGER, method: 'POST', path: '/badge/online/nas.svg' };
    expect((await ask(app.url, posted)).status).toBe(403);
  });

  test('of what there is not are problems', async () => {
    for (const address of [
      '/badge/online/nobody.svg',
      '/badge/evil/nas.svg',
      '/badge/online/a/b.svg',
    ]) {
      expect((await get(address)).status, address).toBe(404);
    }
    expect((await get('/badge/uptime/nas.svg?days=0')).status).toBe(400);
    expect((await get('/badge/uptime/nas.svg?days=366')).status).toBe(400);
  });

  test('have room for their text in a browser’s own font', async ({ page }) => {
    for (const name of ['online/nas', 'uptime/chocolate-factory-dev', 'online', 'latency/nas']) {
      await page.goto(`${app.url}/badge/${name}.svg`);
      const texts = await page.evaluate(() => {
        const boxes = [...document.querySelectorAll('g > rect')].map((box) => {
          const { left, right } = box.getBoundingClientRect();
          return { left, right };
        });
        return [...document.querySelectorAll('text')].map((text, at) => {
          const { left, right } = text.getBoundingClientRect();
          const given = Number(text.getAttribute('textLength'));
          text.removeAttribute('textLength');
          const box = boxes[at] ?? { left: 0, right: 0 };
          return { left, right, box, given, own: text.getComputedTextLength() };
        });
      });
      expect(texts).toHaveLength(2);
      for (const { left, right, box, given, own } of texts) {
        expect(left).toBeGreaterThanOrEqual(box.left + 5);
        expect(right).toBeLessThanOrEqual(box.right - 5);
        // The letters are neither squeezed nor spread: the font's own width is what was counted.
        expect(Math.abs(given - own) / own).toBeLessThan(0.04);
      }
    }
  });
});

test.describe('the view of a signed link', () => {
  const shownOn = async (page: Page) => (await page.locator('body').textContent())?.toLowerCase();

  test('shows the devices it names to everyone who has it, and nothing else of the tailnet', async ({
    page,
  }) => {
    const link = await makeLink({ devices: ['nas', '100.101.102.16'], title: 'Home <b>&' });
    const { status, headers, body } = await ask(app.url, { ...STRANGER, path: link.path });
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    for (const secret of [
      '100.101',
      'fd7a:',
      '@',
      'alice',
      '192.168',
      'git',
      'demo-otter',
      'fra',
    ]) {
      expect(body, secret).not.toContain(secret);
    }
    await page.goto(app.url + link.path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Home <b>&');
    const rows = page.getByRole('row');
    await expect(rows).toHaveCount(3);
    await expect(rows.nth(1)).toContainText(/nas\s*●\s*online\s*[\d.]+\sms\s*[\d.]+\s%/);
    await expect(rows.nth(2)).toContainText(/garage-cam\s*[■▲]\s*(offline|not answering)/);
    expect(await shownOn(page)).toContain('1 of 2 online');
    expect(await page.locator('a, button, form, input, img').count()).toBe(0);
  });

  test('is in frames of other sites, and no page is', async ({ page }) => {
    const { path: link } = await makeLink({ devices: ['nas'] });
    const site = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    await page.goto(`${site}/?frame=${encodeURIComponent(app.url + link)}`);
    await expect(page.frameLocator('iframe').getByRole('row')).toHaveCount(2);
    const blocked: string[] = [];
    page.on('console', (message) => blocked.push(message.text()));
    await page.goto(`${site}/?frame=${encodeURIComponent(`${app.url}/vpn`)}`);
    await expect.poll(() => blocked.join()).toMatch(/frame-ancestors|X-Frame-Options/i);
    const { headers } = await get(link);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors \*$/);
    expect(headers['x-frame-options']).toBeUndefined();
    for (const address of ['/vpn', '/badge/online/nas.svg', '/widgets/summary.json', '/embed']) {
      const answer = await get(address);
      expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(answer.headers['x-frame-options'], address).toBe('DENY');
    }
  });

  test('ends when it expires, and with every other when they are revoked; a forged one never begins', async () => {
    const seen = async (address: string) => {
      const { status, body } = await ask(app.url, { ...STRANGER, path: address });
      return `${status} ${/<p>(.*?)<\/p>/.exec(body)?.[1] ?? ''}`.slice(0, 45);
    };
    const link = await makeLink({ devices: ['nas'], days: 1 });
    expect(Date.parse(link.expires_at) - Date.now()).toBeGreaterThan(86_300_000);
    expect(await seen(link.path)).toContain('200');
    const secret = path.join(app.dataDir, 'embed-secret');
    const { devices } = JSON.parse((await get('/analytics/devices')).body);
    const { id } = devices.find((one: { hostname: string }) => one.hostname === 'nas');
    const signed = (file: string, until: number) =>
      new SignedLinks(file, 'main').sign({ title: '', devices: [id], until });
    expect(await seen(`/embed/${await signed(secret, Date.now() - 1_000)}`)).toMatch(
      /^404 This link has expired/,
    );
    const foreign = await signed(`${secret}-of-another`, Date.now() + 60_000);
    const nothing = /^404 This link is not complete, or has been/;
    expect(await seen(`/embed/${foreign}`)).toMatch(nothing);
    for (const bad of ['x', `${link.path.slice('/embed/'.length)}A`, 'a.other~b', '~', '.']) {
      expect(await seen(`/embed/${bad}`), bad).toMatch(bad === '.' ? /^400/ : nothing);
    }
    expect((await ask(app.url, { ...STRANGER, path: '/embed/a/b' })).status).toBe(403);
    expect((await ask(app.url, { ...STRANGER, path: '/widgets/view?link=x' })).status).toBe(403);
    const revoked = await ask(app.url, { method: 'DELETE', path: '/widgets/links' });
    expect(revoked.status).toBe(204);
    expect(await seen(link.path)).toMatch(nothing);
    expect(await seen((await makeLink({ devices: ['nas'] })).path)).toContain('200');
  });

  test('is made by admins, who are in the audit for it', async () => {
    const request = {
      ...{ method: 'POST', path: '/widgets/links' },
      body: JSON.stringify({ devices: ['nas', 'git'], days: 7 }),
    };
    for (const who of [STRANGER, VIEWER]) {
      const headers = { ...JSON_BODY, ...who.headers };
      expect((await ask(app.url, { ...request, from: who.from, headers })).status).toBe(403);
    }
    await makeLink(JSON.parse(request.body));
    await ask(app.url, { method: 'DELETE', path: '/widgets/links' });
    const { entries } = JSON.parse((await get('/audit?limit=2')).body);
    expect(entries).toMatchObject([
      { actor: 'operator', action: 'unlink', target: 'every link' },
      {
        actor: 'operator',
        action: 'link',
        target: expect.stringMatching(/^nas,\sgit,\sfor\s7\sdays$/),
      },
    ]);
    for (const body of [
      ...[{}, { devices: [] }, { devices: ['nobody'] }, { devices: ['nas'], days: 366 }],
      ...[{ devices: ['nas'], title: 'x'.repeat(61) }, { devices: Array(31).fill('nas') }],
      ...[{ devices: ['nas'], origin: 'https://evil.example' }],
    ]) {
      const answer = await ask(app.url, {
        ...{ method: 'POST', path: '/widgets/links', headers: JSON_BODY },
        body: JSON.stringify(body),
      });
      expect([400, 404], JSON.stringify(body)).toContain(answer.status);
    }
  });

  test('is said in the language of who reads it, and has the look that the site asks for', async ({
    browser,
  }) => {
    const { path: link } = await makeLink({ devices: ['nas'] });
    const context = await browser.newContext({ locale: 'es-ES', colorScheme: 'dark' });
    const page = await context.newPage();
    const violations: string[] = [];
    page.on('console', (message) => violations.push(message.text()));
    await page.goto(app.url + link);
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    expect(await shownOn(page)).toMatch(/dispositivos\s*1 de 1 en línea/);
    const background = () =>
      page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
    expect(await background()).toBe('rgb(19, 23, 29)');
    await page.goto(`${app.url}${link}?theme=light`);
    expect(await background()).toBe('rgb(255, 255, 255)');
    expect(violations).toEqual([]);
    await context.close();
  });
});

test('the calendar of key expiries is one that other programs read', async () => {
  const { status, headers, body } = await get('/widgets/key-expiries.ics');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/calendar; charset=utf-8');
  const events = new ICAL.Component(ICAL.parse(body)).getAllSubcomponents('vevent');
  const names = events.map((one) => new ICAL.Event(one).summary);
  expect(names[0]).toBe('Key of workshop-pi expires');
  // Of no device whose key does not expire, and of nobody else's.
  expect(names.join()).not.toMatch(/studio-archive|device-of-shared|chocolate-factory/);
  const uids = events.map((one) => new ICAL.Event(one).uid);
  expect(new Set(uids).size).toBe(events.length);
  const again = (await get('/widgets/key-expiries.ics')).body;
  expect(again.match(/UID:.*/g)).toEqual(body.match(/UID:.*/g));
});
