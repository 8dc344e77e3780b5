import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { actions } from '../lib/api/actions';
import { routes } from '../lib/api/routes';
import { problemSchema } from '../lib/api/schemas';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';

const TOKEN = 'obs_job_0123456789abcdefghijklmnopqrstuvwxyz';
let tailscaled: FakeTailscaled;
let app: RunningApp;
/** Signed, to a view of one device. */
let link: string;
test.beforeAll(async () => {
  tailscaled = await fakeTailscaled({ status: 'status-constructed.json' });
  app = await startApp({
    env: {
      TAILSCALE_SOCKET: tailscaled.socketPath,
      ACCESS_LOG: 'e2e/fixtures/nginx/*.log',
      QUOTA_PLAN: 'free-2025',
      API_TOKENS: `job:ingest:${createHash('sha256').update(TOKEN).digest('hex')}`,
    },
  });
  await app.waitHealthy();
  await app.waitRead();
  // A history needs a model that has one.
  await fetch(`${app.url}/models/metrics`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ model_name: 'nightly', metrics: { mae: 2.5 } }),
  });
  const made = await fetch(`${app.url}/widgets/links`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ devices: ['git'] }),
  });
  link = (await made.json()).path.replace('/embed/', '');
});
test.afterAll(async () => {
  await app.stop();
  await tailscaled.close();
});

const get = async (path: string) => {
  const response = await fetch(app.url + path);
  return { status: response.status, body: await response.text(), headers: response.headers };
};
const HOURS = 'hours=87600';

for (const [pattern, route] of Object.entries(routes)) {
  const address = pattern.replace('{hostname}', 'git');
  const needed = () =>
    ({ '/models/metrics-history': '?model_name=nightly', '/widgets/view': `?link=${link}` })[
      pattern
    ] ?? '';
  test(`${address} answers what its schema says`, async () => {
    const { status, body } = await get(address + needed());
    expect(status).toBe(200);
    z.strictObject(route.response.shape).parse(JSON.parse(body));
  });

  test(`${address} refuses a parameter it does not have`, async () => {
    const { status, body, headers } = await get(
      `${address}${needed()}${needed() ? '&' : '?'}surprise=1`,
    );
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(problemSchema.parse(JSON.parse(body)).errors?.[0]?.parameter).toBe('surprise');
  });
}

test('every line of the four captured logs is a hit, and none is rejected', async () => {
  await expect
    .poll(async () => JSON.parse((await get('/healthz')).body).access_log.hits)
    .toBe(4 * 29);
  const { rejected, files } = JSON.parse((await get('/healthz')).body).access_log;
  expect(rejected).toBe(0);
  expect(files.map((file: { format: string }) => file.format).sort()).toEqual([
    'combined',
    'combined+time',
    'json',
    'seed',
  ]);
});

test('classes, ids past 2^53, tags and paths come through as tailscaled knows them', async () => {
  const { counts, devices, source, stale } = JSON.parse((await get('/analytics/devices')).body);
  expect(source).toBe('localapi');
  expect(stale).toBe(false);
  expect(counts.total).toBe(devices.length);
  expect(counts.own + counts.shared + counts.external).toBe(counts.total);
  expect(counts.shared).toBeGreaterThan(0);
  expect(counts.external).toBeGreaterThan(0);
  const all = JSON.stringify(devices);
  expect(all).not.toContain('mullvad');
  const users = devices.map((d: { user: { id: string } | null }) => d.user?.id);
  expect(users).toContain('9007199254740993');
  for (const { path } of devices) {
    expect(['direct', 'peer_relay', 'relay', 'idle', 'offline']).toContain(path);
  }
});

test('filters narrow the hits and their number alike, and pages follow each other to the end', async () => {
  const load = async () =>
    JSON.parse((await get(`/analytics/access-logs?${HOURS}&limit=1000`)).body);
  const unknown = async () =>
    (await load()).hits.some((h: { user: string }) => h.user === 'unknown');
  await expect.poll(unknown).toBe(false);
  const all = await load();
  expect(all.total).toBe(all.hits.length);
  const errors = JSON.parse((await get(`/analytics/access-logs?${HOURS}&status=5xx`)).body);
  expect(errors.total).toBe(all.hits.filter((h: { status: number }) => h.status >= 500).length);
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = JSON.parse((await get(`/analytics/access-logs?${HOURS}&limit=7${cursor}`)).body);
    seen.push(...page.hits.map((h: unknown) => JSON.stringify(h)));
    cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : '';
  } while (cursor !== '');
  expect(seen).toEqual(all.hits.map((h: unknown) => JSON.stringify(h)));
});

test('the description is OpenAPI and names every call and parameter', async () => {
  const document = JSON.parse((await get('/openapi.json')).body);
  expect(document.openapi).toMatch(/^3\.1/);
  for (const path of Object.keys(routes)) expect(document.paths[path].get.summary).toBeTruthy();
  expect(document.paths['/models/metrics'].post.requestBody.required).toBe(true);
  for (const { method, path } of Object.values(actions)) {
    expect(document.paths[path][method.toLowerCase()].summary).toBeTruthy();
  }
  const { mute } = actions;
  const described = document.paths[mute.path].post.requestBody.content['application/json'].schema;
  expect(described.required).toEqual(['minutes']);
  const page = await get('/api-docs');
  expect(page.status).toBe(200);
  for (const path of Object.keys(document.paths)) expect(page.body).toContain(`id="${path}"`);
  const parameters = document.paths['/analytics/access-logs'].get.parameters;
  expect(parameters.map((p: { name: string }) => p.name)).toContain('cursor');
});

test('the metrics are Prometheus text', async () => {
  const { status, body, headers } = await get('/metrics');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain('text/plain');
  expect(body).toMatch(/^observatory_up 1$/m);
  expect(body).toMatch(/^observatory_devices\{class="own"\} \d+$/m);
});

test('nothing a client sends makes it answer 500', async () => {
  const odd = [
    "/analytics/access-logs?user=' OR 1=1--",
    '/analytics/access-logs?cursor=9999999999999-1-1',
    '/analytics/access-logs?cursor=;DROP',
    '/analytics/dashboard-usage?from=%00',
    '/analytics/dashboard-usage?endpoint=%ff%fe',
    `/analytics/dashboard-usage?user=${'x'.repeat(7000)}`,
    '/analytics/devices/../../etc/passwd',
    '/vpn?range=%F0%9F%92%A9&user=<script>',
    '/vpn?from=zzz&to=1',
  ];
  for (const path of odd) expect((await get(path)).status, path).toBeLessThan(500);
});
