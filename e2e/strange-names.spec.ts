import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { localTime } from './fakes/log-lines';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';
import { overflow } from './harness/overflow';

/** Names as long as a name may be, in a script from right to left, and of emoji, on the pages that list devices. */

const LONG = 'x'.repeat(200);
const LONG_HOST = `${'y'.repeat(60)}.${'z'.repeat(60)}.example.org`;
const HEBREW = 'מחשב-של-דנה';
const EMOJI = '🦊🐙-fox';
const PAGES = [
  '/vpn/traffic?range=24h&by=device',
  '/vpn/devices',
  '/vpn/services',
  '/vpn/health/rules',
  '/vpn/accesses',
];
const WIDTHS = [320, 768, 1440];

let folder: string;
let tailscaled: FakeTailscaled;
let app: RunningApp;
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'strange-names-'));
  const log = path.join(folder, 'access.log');
  const visit = (host: string, ip: string, request: string) =>
    `${host} ${ip} - - [${localTime(Date.now())}] "GET ${request} HTTP/1.1" 200 512 "-" "Mozilla/5.0" 0.042\n`;
  await writeFile(
    log,
    [
      visit(LONG_HOST, '100.64.0.3', `/${LONG}`),
      visit('git.example.org', '100.64.0.2', `/${encodeURIComponent(HEBREW)}`),
      visit('photos.example.org', '100.64.0.4', `/${encodeURIComponent(EMOJI)}`),
    ].join(''),
  );
  const recorded = await readFile('e2e/fixtures/tailscale/status-constructed.json', 'utf8');
  const named = recorded
    .replaceAll('chocolate-factory-dev', LONG)
    .replaceAll('"DNSName": "git.', `"DNSName": "${HEBREW}.`)
    .replaceAll('"DNSName": "nono-desktop.', `"DNSName": "${EMOJI}.`);
  const after = (bytes: number) => named.replace(/"RxBytes": \d+/g, `"RxBytes": ${bytes}`);
  tailscaled = await fakeTailscaled({ status: after(1_000) });
  app = await startApp({ env: { TAILSCALE_SOCKET: tailscaled.socketPath, ACCESS_LOG: log } });
  await app.waitHealthy();
  let bytes = 1_000;
  const counted = async () => {
    bytes += 5_000_000_000;
    tailscaled.setStatus(after(bytes));
    const answer = await fetch(`${app.url}/analytics/traffic?by=device`);
    return answer.text();
  };
  await expect.poll(counted, { timeout: 45_000, intervals: [3_000] }).toContain(LONG);
});
test.afterAll(async () => {
  await app.stop();
  await tailscaled.close();
  await rm(folder, { recursive: true, force: true });
});

for (const address of PAGES) {
  test(`${address} keeps its width and its rows whatever the names`, async ({ page }) => {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(app.url + address);
      expect.soft(await overflow(page), `${width}`).toEqual([]);
      const tall = await page
        .locator('main tbody tr')
        .evaluateAll((rows) =>
          rows
            .filter(({ clientHeight }) => clientHeight > 200)
            .map(({ textContent, clientHeight }) => `${clientHeight}: ${textContent}`),
        );
      expect.soft(tall, `${width}`).toEqual([]);
    }
  });
}

test('a name from right to left leaves what stands beside it in its place', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${app.url}/vpn/devices`);
  const row = page.getByRole('row').filter({ hasText: HEBREW });
  const [name, owner] = await Promise.all([
    row.getByRole('rowheader').boundingBox(),
    row.locator('[data-column=owner]').boundingBox(),
  ]);
  expect(name?.x).toBeLessThan(owner?.x ?? 0);
  await expect(page.getByRole('row').filter({ hasText: EMOJI })).toBeVisible();
});
