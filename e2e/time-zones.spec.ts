import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { localTime } from './fakes/log-lines';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { startApp } from './harness/app';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const GIT = '100.64.0.2';
// A reader far away from both services.
test.use({ timezoneId: 'Asia/Tokyo' });

let folder: string;
let tailscaled: FakeTailscaled;
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zones-'));
  tailscaled = await fakeTailscaled({ status: 'status-constructed.json' });
});
test.afterAll(async () => {
  await tailscaled.close();
  await rm(folder, { recursive: true, force: true });
});

/** Returns a log line of a browser's access, as nginx in UTC writes it. */
function line(time: number): string {
  return `${GIT} - - [${localTime(time)}] "GET /wiki HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0" 0.042\n`;
}

/** Returns yesterday's date and the moment that clocks in a zone showed that hour of it. */
function yesterdayIn(zone: string, hour: number): { date: string; time: number } {
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(Date.now() - DAY);
  const clock = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: zone, dateStyle: 'short', timeStyle: 'short' },
  });
  const wanted = `${date} ${String(hour).padStart(2, '0')}:00`;
  const start = Date.parse(`${date}T00:00:00Z`) - DAY;
  for (let time = start; time < start + 3 * DAY; time += 15 * MINUTE) {
    if (clock.format(time) === wanted) return { date, time };
  }
  throw new Error(`${zone} has no ${wanted}`);
}

for (const zone of ['Europe/Madrid', 'America/St_Johns']) {
  test(`yesterday from 18:00 to 20:00 in ${zone} is what the log says, by form and by typing`, async ({
    page,
  }) => {
    const { date, time } = yesterdayIn(zone, 18);
    const log = path.join(folder, `${zone.replace('/', '-')}.log`);
    const evening = Array.from({ length: 9 }, (_, i) => line(time + i * 13 * MINUTE));
    const around = [-4, -1, 121, 180, 300].map((minutes) => line(time + minutes * MINUTE));
    await writeFile(log, [...evening, ...around].join(''));
    const app = await startApp({
      env: { TAILSCALE_SOCKET: tailscaled.socketPath, ACCESS_LOG: log, TIME_ZONE: zone },
    });
    await app.waitHealthy();
    await app.waitRead();
    const accesses = page.getByRole('region', { name: 'Numbers' }).getByText(/^9$/).first();
    await page.goto(`${app.url}/vpn?from=${date}T18:00&to=${date}T20:00`);
    await expect(accesses).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Range' })).toContainText('18:00 – 20:00');

    await page.goto(`${app.url}/vpn?range=30d`);
    await page.getByText('Custom', { exact: true }).click();
    await page.getByLabel('From', { exact: true }).fill(`${date}T18:00`);
    await page.getByLabel('To', { exact: true }).fill(`${date}T20:00`);
    await page.getByRole('button', { name: 'Show this range' }).click();
    await expect(accesses).toBeVisible();

    // Whose times they are is said once, and can be changed.
    const footer = page.getByRole('contentinfo');
    await expect(footer).toContainText(`${zone} (the service)`);
    await footer.getByRole('combobox', { name: 'Times in' }).selectOption('Asia/Tokyo');
    await expect(footer.getByRole('combobox', { name: 'Times in' })).toHaveValue('Asia/Tokyo');
    await expect(page.getByRole('navigation', { name: 'Range' })).not.toContainText('18:00');
    await expect(accesses).toBeVisible();
    await page.context().clearCookies();
    await app.stop();
  });
}
