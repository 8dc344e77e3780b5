import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { AlertsResponse, LatencyForecastResponse } from '../lib/api/health-schemas';
import type { MetricsHistoryResponse, ModelsResponse } from '../lib/api/model-schemas';
import type { ProblemResponse } from '../lib/api/schemas';
import { DAY, MINUTE } from '../lib/util/time';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type FakeTelegram, fakeTelegram } from './fakes/telegram';
import { type RunningApp, root, startApp } from './harness/app';
import { seedLatency } from './harness/latency-seed';

const MODEL = 'prophet/git';
const seededUntil = Date.now() - 45 * MINUTE;
let tailscaled: FakeTailscaled;
let telegram: FakeTelegram;
let dataDir: string;
let app: RunningApp;
const tokens: Record<string, string> = {};
const start = () =>
  startApp({
    dataDir,
    env: {
      TAILSCALE_SOCKET: tailscaled.socketPath,
      CRITICAL_NODES: 'git',
      CONNECTION_INTERVAL_SECONDS: '30',
      TELEGRAM_BOT_TOKEN: '123456:TEST-token',
      TELEGRAM_CHAT_ID: '42',
      TELEGRAM_API_URL: telegram.url,
      PUBLIC_URL: 'https://observatory.tail.test',
    },
  });
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  tailscaled = await fakeTailscaled({ status: 'status-direct.json' });
  telegram = await fakeTelegram();
  dataDir = await mkdtemp(path.join(tmpdir(), 'observatory-models-'));
  // The fake answers in 12.3 ms: for a device that takes 3 ms that is unusual, though far from slow.
  const git = { nodeId: '2', hostname: 'git', ms: 3 };
  await seedLatency(dataDir, git, { days: 16, until: seededUntil });
  app = await start();
  await app.waitHealthy();
  for (const scope of ['read', 'ingest']) {
    const printed = execFileSync(
      process.execPath,
      ['scripts/token.mjs', '--scope', scope, '--name', scope],
      { cwd: root, env: { ...process.env, DATA_DIR: dataDir }, encoding: 'utf8' },
    );
    tokens[scope] = printed.trimEnd().split('\n').at(-1) ?? '';
  }
});
test.afterAll(async () => {
  await app.stop();
  await telegram.close();
  await tailscaled.close();
  await rm(dataDir, { recursive: true, force: true });
});

const json = async <T>(path: string): Promise<T> => (await fetch(app.url + path)).json();
const post = (body: unknown, token: string | undefined) =>
  fetch(`${app.url}/models/metrics`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
const report = (mae: number, more: object = {}) =>
  post({ model_name: MODEL, metrics: { mae, rmse: mae * 1.3, r2: 0.7 }, ...more }, tokens.ingest);
const history = (query = '') =>
  json<MetricsHistoryResponse>(`/models/metrics-history?model_name=${MODEL}${query}`);
const firing = async () =>
  (await json<AlertsResponse>('/health-monitoring/alerts')).open
    .filter(({ state }) => state === 'firing')
    .map(({ topic }) => topic);
const patiently = { timeout: 30_000, intervals: [500] };

test('only a token made for it reports a model: neither the operator nor a token to look', async () => {
  const body = { model_name: MODEL, metrics: { mae: 1 } };
  const refused = await post(body, undefined);
  expect(refused.status).toBe(403);
  expect(((await refused.json()) as ProblemResponse).detail).toContain('npm run token');
  expect((await post(body, tokens.read)).status).toBe(403);
  expect((await post(body, 'obs_wrong_0123456789abcdefghij')).status).toBe(401);
  expect((await fetch(`${app.url}/models/metrics-history?model_name=${MODEL}`)).status).toBe(404);
});

test('a report is checked, and everything wrong with it is named', async () => {
  const wrong = await post(
    {
      model_name: '=cmd()',
      metrics: { mae: -1, r2: 3, 'a b': 1 },
      version: '=1+1',
      trained_at: 'yesterday',
      extra: 1,
    },
    tokens.ingest,
  );
  expect(wrong.status).toBe(400);
  const { errors = [] } = (await wrong.json()) as ProblemResponse;
  const parameters = errors.map(({ parameter }) => parameter);
  for (const name of [
    'model_name',
    'metrics.mae',
    'metrics.r2',
    'version',
    'trained_at',
    'extra',
  ]) {
    expect(parameters).toContain(name);
  }
  for (const metrics of [null, 5, [], {}, { mae: '1' }, { mae: 1, rmse: null }]) {
    expect((await post({ model_name: MODEL, metrics }, tokens.ingest)).status).toBe(400);
  }
  expect((await post(undefined, tokens.ingest)).status).toBe(400);
});

test('the same training reported twice is stored once; with other numbers it is refused', async () => {
  const trained_at = '2026-11-20T03:00:00+01:00';
  const first = await report(2, { trained_at, version: '1.0' });
  expect(first.status).toBe(201);
  const again = await report(2, { trained_at: '2026-11-20T02:00:00Z', version: '1.0' });
  expect(again.status).toBe(200);
  expect(await again.json()).toMatchObject({ stored: false, entry: { metrics: { mae: 2 } } });
  expect((await report(9, { trained_at, version: '1.0' })).status).toBe(409);
  expect((await history()).entries).toHaveLength(1);
});

test('a model that gets worse than twice its median is an alert, notified once, which ends when it recovers', async () => {
  for (const mae of [2.2, 1.9, 2, 2.1]) await report(mae, { version: '1.0' });
  expect((await history()).status).toBe('learning');
  const degraded = await report(4.4, { version: '1.1' });
  expect(await degraded.json()).toMatchObject({
    entry: { baseline_mae: 2, ratio: 2.2, status: 'degraded' },
  });
  const topic = `model_degraded_${MODEL}`;
  await expect.poll(firing, patiently).toContain(topic);
  // The device's unusual latency may be notified by now, too.
  const sent = () => telegram.delivered.flatMap(({ text }) => (text.includes(MODEL) ? text : []));
  await expect.poll(() => sent().length, patiently).toBe(1);
  expect(sent()[0]).toContain('2.2 times');
  expect(sent()[0]).toContain('/vpn/models?model=prophet%2Fgit');
  await report(2.1, { version: '1.1' });
  await expect.poll(firing, patiently).not.toContain(topic);
  // The first recovery is sent at once; only repeats of the topic wait.
  await expect.poll(() => sent().length, patiently).toBe(2);
  expect(sent()[1]).toContain('Recovered');
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(sent()).toHaveLength(2);
});

test('reports that were answered are there once after a kill in the middle of many, in the file too', async () => {
  // What could not be written into the file is written once a minute.
  test.setTimeout(120_000);
  const stored: number[] = [];
  const sending = Array.from({ length: 60 }, async (_, i) => {
    const trained_at = new Date(Date.UTC(2026, 0, 1, i)).toISOString();
    const body = { model_name: 'killed', metrics: { mae: i }, trained_at };
    const response = await post(body, tokens.ingest).catch(() => null);
    if (response?.status === 201 && stored.push(i) === 20) await app.kill9();
  });
  await Promise.all(sending);
  expect(stored.length).toBeGreaterThanOrEqual(20);
  app = await start();
  await app.waitHealthy();
  const call = '/models/metrics-history?model_name=killed&limit=1000';
  const maes = (await json<MetricsHistoryResponse>(call)).entries.map(({ metrics }) => metrics.mae);
  expect(new Set(maes).size).toBe(maes.length);
  for (const mae of stored) expect(maes).toContain(mae);
  const rows = async () => {
    const text = await readFile(path.join(dataDir, 'models', 'metrics_history.csv'), 'utf8');
    return text.split('\r\n').filter((row) => row.includes(',killed,')).length;
  };
  await expect.poll(rows, { timeout: 70_000 }).toBe(maes.length);
});

test('the history is newest last, page by page, as JSON and as CSV', async () => {
  const all = await history();
  expect(all.entries.map(({ metrics }) => metrics.mae)).toEqual([2, 2.2, 1.9, 2, 2.1, 4.4, 2.1]);
  expect(all).toMatchObject({ status: 'ok', factor: 2, baseline: { mae: 2.05 } });
  const newest = await history('&limit=3');
  const older = await history(`&limit=10&cursor=${newest.next_cursor}`);
  expect([...older.entries, ...newest.entries]).toEqual(all.entries);
  expect(older.next_cursor).toBeNull();
  expect(
    (await fetch(`${app.url}/models/metrics-history?model_name=${MODEL}&cursor=x`)).status,
  ).toBe(400);
  const csv = await fetch(`${app.url}/models/metrics-history?model_name=${MODEL}`, {
    headers: { Accept: 'text/csv' },
  });
  expect(csv.headers.get('content-type')).toContain('text/csv');
  expect((await csv.text()).split('\r\n')[0]).toBe(
    'timestamp,model_name,version,trained_at,horizon,window,mae,rmse,r2,baseline_mae,ratio,status',
  );
  const unknown = await fetch(`${app.url}/models/metrics-history?model_name=prophet/gti`);
  expect(((await unknown.json()) as ProblemResponse).detail).toContain('did you mean prophet/git?');
  const file = await readFile(path.join(dataDir, 'models', 'metrics_history.csv'), 'utf8');
  const rows = file.split('\r\n').filter((row) => row.includes(`,${MODEL},`));
  expect(rows).toHaveLength(7);
});

test('our own forecast is measured against what came, beside the naive one, for the days there are', async () => {
  const models = async () => (await json<ModelsResponse>('/models')).models;
  const ours = async () =>
    (await models()).find((model) => model.model_name === 'latency_forecast');
  await expect.poll(async () => (await ours())?.entries, patiently).toBe(7);
  const metrics: Record<string, number> = (await ours())?.last.metrics ?? {};
  expect(metrics.mae).toBeLessThan(metrics.naive_mae ?? 0);
  expect(metrics.coverage).toBeGreaterThan(0.8);
  // Just after midnight the last of yesterday's is not seeded.
  const yesterday = Math.floor(Date.now() / DAY) * DAY - DAY;
  const seeded = Math.min(48, Math.ceil((seededUntil - yesterday) / (30 * MINUTE)));
  expect(metrics.half_hours).toBe(seeded);
});

test('a device’s usual latency is known from its history, and drawn before JavaScript', async ({
  browser,
}) => {
  const call = (node: string) =>
    json<LatencyForecastResponse>(`/health-monitoring/latency-forecast/${node}?hours=24`);
  const { state, points } = await call('git');
  expect(state).toBe('known');
  expect(points.length).toBeGreaterThan(48 + 47);
  for (const { low_ms, expected_ms, high_ms } of points) {
    expect(low_ms).toBeLessThanOrEqual(expected_ms);
    expect(high_ms).toBeGreaterThan(expected_ms);
  }
  expect(await call('chocolate-factory-dev')).toMatchObject({
    state: 'learning',
    reason: '0 of 3 days measured so far',
    points: [],
  });
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${app.url}/vpn/devices/git`);
  const chart = page.getByRole('region', { name: /^Latency and path/ });
  await expect(chart).toContainText('Usual now');
  await expect(chart.locator('svg path[class*="usual"]')).toHaveAttribute('d', /^M.+z$/);
  await context.close();
});

test('latency that is unusual for a device is an alert, though it is slow for no device', async () => {
  test.setTimeout(150_000);
  // git's id in the status: alerts are of a device, whatever it is called.
  await expect
    .poll(firing, { timeout: 120_000, intervals: [1_000] })
    .toContain('latency_unusual_2');
  const { open } = await json<AlertsResponse>('/health-monitoring/alerts');
  expect(open.map(({ topic }) => topic)).not.toContain('latency_2');
  const alert = open.find(({ topic }) => topic === 'latency_unusual_2');
  expect(alert).toMatchObject({ severity: 'info', hostname: 'git' });
  expect(JSON.stringify(alert?.evidence)).toContain('Usual at this time');
});

test('a CSV from before is taken in while the app runs, and what cannot be read is named', async () => {
  test.setTimeout(120_000);
  const csv = path.join(dataDir, 'old.csv');
  await writeFile(
    csv,
    'timestamp,model_name,mae\n2026-11-01 03:00:00,old_price,1.5\nlast week,old_price,2\n',
  );
  const { stdout, stderr } = spawnSync(process.execPath, ['scripts/models-import.mjs', csv], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir },
    encoding: 'utf8',
  });
  expect(stdout).toContain('Reports taken in: 1 (models: 1); there already: 0; faults: 1');
  expect(stderr).toContain('old.csv:3: has no valid time: "last week"');
  const names = async () => (await json<ModelsResponse>('/models')).models.map((m) => m.model_name);
  await expect.poll(names, { timeout: 90_000, intervals: [1_000] }).toContain('old_price');
});

test('the models page shows them, chooses one by its address, and works before JavaScript', async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${app.url}/vpn/models`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('4 models monitored');
  await page.getByRole('link', { name: MODEL }).click();
  await expect(page).toHaveURL(/model=prophet%2Fgit/);
  const detail = page.getByRole('region', { name: MODEL });
  await expect(detail).toContainText('Degraded above');
  await expect(detail).toContainText('1.1');
  await expect(detail.getByRole('img', { name: /7 reports, 1 of them degraded/ })).toBeVisible();
  await expect(detail.getByRole('img', { name: /Alerts of this model: 1/ })).toBeVisible();
  await expect(page.getByRole('region', { name: /^Report a model/ })).toContainText('curl -H');
  await page.goto(`${app.url}/vpn/models?model=prophet/gti`);
  await expect(page.getByRole('main')).toContainText('did you mean prophet/git?');
  await context.close();
});

test('values are read off the charts by pointer and by keyboard, and all reports can be saved', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn/models?model=${encodeURIComponent(MODEL)}`);
  const detail = page.getByRole('region', { name: MODEL });
  await expect(detail.getByText('Version 1.0', { exact: true })).toBeVisible();
  const mae = detail.getByRole('slider', { name: 'MAE, report by report' });
  // It follows the pointer once the page's scripts have run.
  await expect(async () => {
    await page.mouse.move(0, 0);
    await mae.hover({ position: { x: 1, y: 60 } });
    await expect(mae).toContainText('MAE 2', { timeout: 1_000 });
  }).toPass();
  await expect(mae).toContainText('Version 1.0');
  await page.mouse.move(0, 0);
  await expect(mae).not.toContainText('MAE');
  await mae.focus();
  await page.keyboard.press('End');
  await expect(mae).toHaveAttribute('aria-valuetext', /, MAE 2.1, Baseline 2.05, 1.02 times/);
  await page.keyboard.press('ArrowLeft');
  await expect(mae).toHaveAttribute('aria-valuetext', /, MAE 4.4, Baseline 2, .*Degraded$/);
  await expect(mae).toContainText('2.2 times the baseline');
  await page.keyboard.press('Escape');
  await expect(mae).not.toContainText('MAE');
  const r2 = detail.getByRole('slider', { name: 'R², report by report' });
  await r2.focus();
  await expect(r2).toHaveAttribute('aria-valuetext', /, R² 0.7, Version 1.1$/);

  await expect(detail.getByText('Download all 7 reports as')).toBeVisible();
  const saved = page.waitForEvent('download');
  await detail.getByRole('link', { name: 'CSV', exact: true }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('model-prophet_git.csv');
  const rows = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
  expect(rows[0]).toContain('timestamp,model_name,version,');
  const column = rows[0]?.split(',').indexOf('mae') ?? 0;
  expect(rows.slice(1).map((row) => Number(row.split(',')[column]))).toEqual([
    2.1, 4.4, 2.1, 2, 1.9, 2.2, 2,
  ]);
  expect((await fetch(`${app.url}/models/metrics-history.csv?model_name=nobody`)).status).toBe(404);
});

for (const scheme of ['dark', 'light'] as const) {
  for (const width of [1440, 390]) {
    test(`axe finds nothing on the models page at ${width} pixels, ${scheme}, and nothing scrolls sideways`, async ({
      browser,
    }) => {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: scheme,
      });
      const page = await context.newPage();
      for (const path of [`/vpn/models?model=${MODEL}`, '/vpn/models', '/vpn/devices/git']) {
        await page.goto(app.url + path);
        await page.waitForTimeout(500);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map((v) => `${path}: ${v.id} ${v.nodes[0]?.html}`)).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, path).toBeLessThanOrEqual(0);
      }
      await context.close();
    });
  }
}
