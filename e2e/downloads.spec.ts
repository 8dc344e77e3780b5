import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { LOG_LINES } from './fakes/log-lines';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';

// Hundreds of thousands of rows take a while on a busy machine.
test.describe.configure({ timeout: 120_000 });

const HITS = 200_000;
const MISSING = HITS / 50;
const GIT = '100.64.0.2';
const DEV = '100.64.0.3';
/** A login that a spreadsheet would run. */
const FORMULA = '=HYPERLINK("https://x.example")@example.com';
const ALL = 'days=30';

let folder: string;
let tailscaled: FakeTailscaled;
let app: RunningApp;
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'downloads-'));
  const start = Date.now() - HITS * 5_000;
  const lines = Array.from({ length: HITS }, (_, i) =>
    LOG_LINES['combined+time']({
      time: start + i * 5_000,
      ip: i % 3 === 0 ? DEV : GIT,
      method: 'GET',
      path: `/files/report,"${i % 20}"`,
      query: '?token=s3cret',
      status: i % 50 === 0 ? 404 : 200,
      bytes: i,
      responseMs: 12,
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
    }).replace(/"(\d+)"/, '\\x22$1\\x22'),
  );
  const log = path.join(folder, 'access.log');
  await writeFile(log, `${lines.join('\n')}\n`);
  const status = await readFile('e2e/fixtures/tailscale/status-constructed.json', 'utf8');
  tailscaled = await fakeTailscaled({
    status: status.replace('"bob@example.com"', JSON.stringify(FORMULA)),
  });
  app = await startApp({ env: { TAILSCALE_SOCKET: tailscaled.socketPath, ACCESS_LOG: log } });
  await app.waitHealthy();
  const total = async (filter = '') =>
    (await (await fetch(`${app.url}/analytics/access-logs?${ALL}&limit=1${filter}`)).json()).total;
  await expect.poll(() => total(), { timeout: 30_000 }).toBe(HITS);
  // They are read first, and named a second later.
  await expect.poll(() => total('&user=unknown'), { timeout: 15_000 }).toBe(0);
});
test.afterAll(async () => {
  await app.stop();
  await tailscaled.close();
  await rm(folder, { recursive: true, force: true });
});

const download = (format: 'csv' | 'jsonl', query: string) =>
  fetch(`${app.url}/analytics/access-logs.${format}?${query}`);

/** Resident memory in megabytes. */
async function memory(): Promise<number> {
  const status = await readFile(`/proc/${app.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_000;
}

/** Begins a download and takes nothing of it. */
async function begin(): Promise<http.IncomingMessage> {
  const request = http.get(`${app.url}/analytics/access-logs.csv?${ALL}`);
  const [response] = await once(request, 'response');
  response.pause();
  return response;
}

test('all hits are streamed, each once, as CSV and as JSON Lines, in bounded memory', async () => {
  const before = await memory();
  let most = before;
  const watch = setInterval(async () => {
    most = Math.max(most, await memory());
  }, 100);
  for (const format of ['csv', 'jsonl'] as const) {
    const response = await download(format, ALL);
    expect(response.status).toBe(200);
    const text = await response.text();
    const lines = text.trim().split('\n');
    const columns = format === 'csv' ? (lines.shift()?.trim().split(',') ?? []) : [];
    if (format === 'csv') {
      expect(columns).toEqual(expect.arrayContaining(['time', 'user', 'host', 'path', 'status']));
    }
    expect(lines).toHaveLength(HITS);
    const sizes = new Set(
      lines.map((line) =>
        format === 'csv'
          ? // From the end, since a path may hold a comma.
            line.split(',').at(columns.indexOf('bytes') - columns.length)
          : String(JSON.parse(line).bytes),
      ),
    );
    expect(sizes.size).toBe(HITS);
    expect(text).not.toContain('s3cret');
  }
  clearInterval(watch);
  expect(most - before).toBeLessThan(120);
});

test('a client that takes nothing holds nothing up, and one that leaves makes room', async () => {
  const before = await memory();
  const slow = await Promise.all(Array.from({ length: 8 }, begin));
  await sleep(2_000);
  // Eight times the whole is 200 MB.
  expect((await memory()) - before).toBeLessThan(60);
  const refused = await download('csv', ALL);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect((await fetch(`${app.url}/analytics/access-logs?hours=1`)).status).toBe(200);
  for (const response of slow) response.destroy();
  await expect.poll(async () => (await download('csv', 'hours=1')).status).toBe(200);
});

test('the filters are those of the list, and name the file', async () => {
  const response = await download('jsonl', `${ALL}&status=404&device=git`);
  const hits = (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const list = await fetch(`${app.url}/analytics/access-logs?${ALL}&status=404&device=git&limit=5`);
  const { total, kept, hits: first } = await list.json();
  expect(hits).toHaveLength(total);
  expect(kept).toBe(total);
  expect(hits.slice(0, 5)).toEqual(first);
  expect(response.headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="accesses_\d{4}-\d\d-\d\dT\d{4}Z_\d{4}-\d\d-\d\dT\d{4}Z_status-404_device-git\.jsonl"$/,
  );
  const wrong = await download('csv', 'limit=5');
  expect(wrong.status).toBe(400);
  expect((await wrong.json()).errors[0].parameter).toBe('limit');
});

test('text that a spreadsheet would run is none, and quotes and commas stay in their cell', async () => {
  const csv = await (await download('csv', 'hours=1&device=git')).text();
  const [, first = ''] = csv.split('\r\n');
  expect(first).toContain(`"'${FORMULA.replaceAll('"', '""')}"`);
  expect(first).toMatch(/,"\/files\/report,""\d+""",/);
  const [line = ''] = (await (await download('jsonl', 'hours=1&device=git')).text()).split('\n');
  expect(JSON.parse(line).user).toBe(FORMULA);
});

test('the page says how many before, and the link has the filter of the page', async ({ page }) => {
  await page.goto(`${app.url}/vpn/accesses?range=30d&status=404`);
  await expect(page.getByText(`Download all ${MISSING.toLocaleString('en')} as`)).toBeVisible();
  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV', exact: true }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^accesses_.*_status-404\.csv$/);
  const text = await readFile(await file.path(), 'utf8');
  expect(text.trim().split('\n')).toHaveLength(MISSING + 1);
  const json = await page.getByRole('link', { name: 'JSON Lines' }).getAttribute('href');
  expect(json).toContain('/analytics/access-logs.jsonl?');
  expect(json).toContain('status=404');
});
