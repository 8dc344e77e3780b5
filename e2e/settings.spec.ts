import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type RunningApp, startApp } from './harness/app';

const TOKEN = 'a-token-that-nobody-may-read';
/** Not the demo's, which sends nothing. */
const ENV = { DEMO: '0', OFFLINE_ALERT_SECONDS: '60' };

let dataDir: string;
let app: RunningApp;
let service: ReturnType<typeof createServer>;
const received: string[] = [];

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  service = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push(`${request.url} ${Buffer.concat(chunks)}`);
    response.end('{}');
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  dataDir = await mkdtemp(path.join(tmpdir(), 'observatory-settings-'));
  app = await startApp({ env: ENV, dataDir });
});
test.afterAll(async () => {
  await app.stop();
  service.close();
  await rm(dataDir, { recursive: true, force: true });
});

const address = () => `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
const open = async (page: Page) => {
  await page.goto(`${app.url}/vpn/settings`);
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.waitForLoadState('networkidle');
};
const subject = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('a channel is set up, tested at once, and counts from the next start on', async ({ page }) => {
  await open(page);
  const gotify = subject(page, 'Gotify');
  await gotify.getByText('Set up').click();
  await gotify.getByRole('button', { name: 'Send a test' }).click();
  await expect(gotify.getByRole('status').last()).toContainText('not set up yet');
  await gotify.getByLabel('Server').fill(address());
  await gotify.getByLabel('Token of the application').fill(TOKEN);
  await gotify.getByRole('button', { name: 'Save' }).click();
  await expect(gotify).toContainText('Saved for the next start.');
  await expect(page.getByRole('status').first()).toHaveText(
    '2\u00a0changes take effect at the next start of the service.',
  );
  await gotify.getByRole('button', { name: 'Send a test' }).click();
  await expect(gotify).toContainText('gotify: sent');
  expect(received).toEqual([expect.stringContaining('/message {"title":"✅ Test message')]);

  await app.stop();
  app = await startApp({ env: ENV, dataDir });
  const response = await page.request.get(`${app.url}/health-monitoring/alerts`);
  expect((await response.json()).channels).toMatchObject([{ name: 'gotify' }]);
  await open(page);
  await expect(subject(page, 'Gotify').getByLabel('Server')).toHaveValue(address());
  await expect(page.getByText('at the next start of the service')).toHaveCount(0);
});

test('a secret is nowhere to be seen, and can be replaced and removed', async ({ page }) => {
  await open(page);
  expect(await page.content()).not.toContain(TOKEN);
  const answer = await page.request.get(`${app.url}/settings`);
  expect(await answer.text()).not.toContain(TOKEN);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const exported = readFileSync(await (await download).path(), 'utf8');
  expect(JSON.parse(exported)).toEqual({
    settings: { GOTIFY_URL: address() },
    secrets_left_out: ['GOTIFY_TOKEN'],
  });
  const gotify = subject(page, 'Gotify');
  await expect(gotify.getByLabel('Token of the application')).toHaveValue('');
  // Without it, the address would be of no use: both or neither.
  await gotify.getByRole('button', { name: 'Remove GOTIFY_TOKEN' }).click();
  await expect(gotify).toContainText('GOTIFY_TOKEN must be set too, since GOTIFY_URL is');
});

test('what is wrong is refused in words, and nothing of it is saved', async ({ page }) => {
  await open(page);
  const messages = subject(page, 'Messages');
  await messages.getByLabel('Quiet hours').fill('night');
  await messages.getByLabel('Digest').fill('daily 08:00');
  await messages.getByRole('button', { name: 'Save' }).click();
  await expect(messages).toContainText('QUIET_HOURS "night" must be such as 22:00-07:00');
  await open(page);
  await expect(subject(page, 'Messages').getByLabel('Digest')).toHaveValue('');
});

test('what the environment sets is shown as such, and stays', async ({ page }) => {
  await open(page);
  const field = page.getByLabel('Offline for, in seconds');
  await expect(field).toBeDisabled();
  await expect(field).toHaveValue('60');
  await expect(subject(page, 'Alerts')).toContainText('Set by the environment.');
  const refused = await page.request.post(`${app.url}/settings`, {
    data: { values: { OFFLINE_ALERT_SECONDS: '90' } },
  });
  expect(refused.status()).toBe(400);
  expect(await refused.text()).toContain('is set by the environment');
});

test('a file is imported, and the audit says who set what', async ({ page }) => {
  await open(page);
  const settings = { QUIET_HOURS: '22:00-07:00 except critical', RETENTION_RAW_DAYS: '14' };
  await page.getByLabel('Import a file').setInputFiles({
    ...{ name: 'settings.json', mimeType: 'application/json' },
    buffer: Buffer.from(JSON.stringify({ settings })),
  });
  await expect(subject(page, 'As a file')).toContainText('Imported for the next start.');
  await expect(page.getByLabel('Quiet hours')).toHaveValue(settings.QUIET_HOURS);
  await page.goto(`${app.url}/vpn/audit`);
  const row = page.getByRole('row').filter({ hasText: 'QUIET_HOURS, RETENTION_RAW_DAYS' });
  await expect(row).toContainText('operator');
  expect(await page.content()).not.toContain(TOKEN);
});

test('a page of another site can neither read nor set anything', async ({ page }) => {
  const data = { values: { QUIET_HOURS: '00:00-24:00' } };
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const refused = await page.request.post(`${app.url}/settings`, { data, headers });
  expect(refused.status()).toBe(403);
});
