import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { localTime } from './fakes/log-lines';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, root, startApp } from './harness/app';

/** In rejected lines and in hits: a query, a login in an address, a session, a JWT, a path, a referer. */
const SECRET = 'MARKER';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJNQVJLRVIifQ.c2lnbmF0dXJlTUFSS0VS';
const UNMASKED = '/analytics/log-doctor?unmasked=true';

let folder: string;
let tailscaled: FakeTailscaled;
let app: RunningApp;
const tokens: Record<string, string> = {};
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'unmasked-'));
  const time = `[${localTime(Date.now())}]`;
  const hit = (target: string) =>
    `100.64.0.2 - - ${time} "GET ${target} HTTP/1.1" 200 5 "https://x.example/?k=${SECRET}" "Mozilla/5.0"\n`;
  await writeFile(
    path.join(folder, 'access.log'),
    [
      hit(`/a?token=${SECRET}`),
      hit(`/a;jsessionid=${SECRET}`),
      hit(`/share/${JWT}`),
      hit(`/reset/${SECRET}123`),
      `no format knows this ~ GET /login?password=${SECRET}1 ~ 200\n`,
      `nor this ~ GET https://ana:${SECRET}2@home.example/ ~ Bearer ${SECRET}33 ~ 200\n`,
      `{"odd":true,"cookie":"session=${SECRET}4","authorization":"Basic ${SECRET}5"}\n`,
    ].join(''),
  );
  tailscaled = await fakeTailscaled({ status: 'status-constructed.json' });
  app = await startApp({
    env: {
      TAILSCALE_SOCKET: tailscaled.socketPath,
      ACCESS_LOG: path.join(folder, 'access.log'),
    },
  });
  for (const scope of ['read', 'admin']) {
    const printed = execFileSync(
      process.execPath,
      ['scripts/token.mjs', '--scope', scope, '--name', `${scope}-token`],
      { cwd: root, env: { ...process.env, DATA_DIR: app.dataDir }, encoding: 'utf8' },
    );
    tokens[scope] = printed.trimEnd().split('\n').at(-1) ?? '';
  }
  await expect
    .poll(async () => (await (await as('admin', '/healthz')).json()).access_log.rejected)
    .toBe(3);
});
test.afterAll(async () => {
  await app.stop();
  await tailscaled.close();
  await rm(folder, { recursive: true, force: true });
});

const as = (scope: 'read' | 'admin', address: string) =>
  fetch(app.url + address, { headers: { Authorization: `Bearer ${tokens[scope]}` } });

for (const scope of ['read', 'admin'] as const) {
  test(`a token of scope ${scope} sees no secret in any answer or page`, async () => {
    const addresses = [
      ...['/analytics/log-doctor', '/analytics/access-logs', '/analytics/dashboard-usage'],
      ...['/analytics/access-logs.csv', '/analytics/access-logs.jsonl', '/cluster/snapshot'],
      ...['/healthz', '/vpn', '/vpn/accesses'],
    ];
    for (const address of addresses) {
      const response = await as(scope, address);
      const text = await response.text();
      expect([200, 503]).toContain(response.status);
      expect(text, address).not.toContain(SECRET);
      expect(text, address).not.toContain(JWT.split('.')[1]);
    }
    const { rejected } = await (await as(scope, '/analytics/log-doctor')).json();
    expect(rejected.samples).toHaveLength(3);
    expect(JSON.stringify(rejected.samples)).toContain('…');
  });
}

test('viewers may not ask for the lines as logged', async () => {
  const response = await as('read', UNMASKED);
  expect(response.status).toBe(403);
  expect(await response.text()).not.toContain(SECRET);
});

test('admins may, and the audit says who did', async () => {
  const { rejected } = await (await as('admin', UNMASKED)).json();
  expect(JSON.stringify(rejected)).toContain(`password=${SECRET}1`);
  expect(JSON.stringify(rejected)).toContain(`ana:${SECRET}2@`);
  const { entries } = await (await as('admin', '/audit')).json();
  expect(entries).toEqual([
    expect.objectContaining({
      actor: expect.stringContaining('admin-token'),
      action: 'unmask',
      target: 'the rejected lines of the access log',
    }),
  ]);
  // It was for that one answer.
  expect(await (await as('admin', '/analytics/log-doctor')).text()).not.toContain(SECRET);
});

test('the page offers it to admins, below the masked lines', async ({ page }) => {
  await page.goto(`${app.url}/vpn`);
  await page.getByText('3 lines could not be read').click();
  await expect(page.getByRole('link', { name: 'Show them as logged' })).toHaveAttribute(
    'href',
    UNMASKED,
  );
  await expect(page.locator('body')).not.toContainText(SECRET);
});
