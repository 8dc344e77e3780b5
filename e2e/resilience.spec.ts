import { execFileSync, spawnSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { HealthResponse } from '../lib/api/service-schemas';
import { fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';
import { freePort } from './harness/process';
import { ask, type RawRequest } from './harness/raw-http';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';
const visit = (n: number) => {
  const [, day, month, year, clock] = new Date().toUTCString().split(' ');
  return `100.64.0.2 - - [${day}/${month}/${year}:${clock} +0000] "GET /visit/${n}x${'y'.repeat(200)} HTTP/1.1" 200 5 "-" "${BROWSER}" 0.010\n`;
};
const visits = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => visit(from + i)).join('');

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'resilience-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

const health = async (url: string): Promise<{ status: number; body: HealthResponse }> => {
  const response = await fetch(`${url}/healthz`);
  return { status: response.status, body: (await response.json()) as HealthResponse };
};
/** Asks over and over until the port is open. Returns the status of the first answer. */
async function firstAnswer(url: string, request: RawRequest): Promise<number> {
  for (;;) {
    const answer = await ask(url, request).catch(() => null);
    if (answer) return answer.status;
    await sleep(5);
  }
}
const total = async (url: string): Promise<number> => {
  const response = await fetch(`${url}/analytics/dashboard-usage?days=1`);
  return ((await response.json()) as { total_accesses: number }).total_accesses;
};

test('the very first requests wait until the product is ready, and are answered as any other', async () => {
  const tailscaled = await fakeTailscaled({ status: 'status-constructed.json' });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const requests: RawRequest[] = [
    { path: '/vpn', headers: { Accept: 'text/html' } },
    { path: '/healthz' },
    { path: '/analytics/devices', headers: { Host: 'chocolate-factory.tail.test' } },
  ];
  const answers = Promise.all(requests.map((request) => firstAnswer(url, request)));
  const app = await startApp({ port, env: { TAILSCALE_SOCKET: tailscaled.socketPath } });
  expect(await answers).toEqual([200, 200, 200]);
  // What Next says of itself is not ours to say; a fault would be in stderr.
  expect(app.stdout().match(/^[^{\n].*$/gm)).toEqual([`Tailnet Observatory is at ${url}/vpn`]);
  expect(app.stderr()).toBe('');
  await app.stop();
  await tailscaled.close();
});

test('a tailscaled that goes away is named, its last state kept as stale, and its return noticed', async () => {
  test.setTimeout(120_000);
  const tailscaled = await fakeTailscaled({ status: 'status-direct.json' });
  const app = await startApp({ env: { TAILSCALE_SOCKET: tailscaled.socketPath } });
  await app.waitHealthy();
  await tailscaled.stop();
  const devices = async () =>
    (await (await fetch(`${app.url}/analytics/devices`)).json()) as {
      stale: boolean;
      devices: unknown[];
    };
  await expect.poll(async () => (await devices()).stale, { timeout: 60_000 }).toBe(true);
  expect((await devices()).devices).toHaveLength(4);
  const sick = await health(app.url);
  expect(sick.status).toBe(503);
  expect(sick.body.problems.map((p) => p.part)).toContain('tailscale');
  expect(JSON.stringify(sick.body.problems)).toContain(tailscaled.socketPath);
  await tailscaled.start();
  await app.waitHealthy(30_000);
  expect((await devices()).stale).toBe(false);
  await app.stop();
  await tailscaled.close();
});

test('a log written to while the product is killed and started again is stored whole, once', async () => {
  const log = path.join(folder, 'access.log');
  const dataDir = path.join(folder, 'data');
  const env = { DEMO: '0', ACCESS_LOG: log };
  await writeFile(log, visits(0, 500));
  const first = await startApp({ env, dataDir });
  await expect.poll(() => total(first.url)).toBe(500);
  await appendFile(log, visits(500, 900));
  await first.kill9();
  await appendFile(log, visits(900, 1000));
  const second = await startApp({ env, dataDir });
  await expect.poll(() => total(second.url)).toBe(1000);
  expect(await second.stop()).toBe(0);
  expect(second.stdout()).toContain('everything read is stored');
});

test('a disk that fills is reported, pages still answer, and with room again every hit is there, once', async () => {
  test.setTimeout(120_000);
  const dataDir = path.join(folder, 'small');
  await mkdir(dataDir);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'none', dataDir]);
  test.skip(status !== 0, 'a small disk can only be mounted by root, on Linux');
  let app: RunningApp | undefined;
  try {
    const log = path.join(folder, 'access.log');
    const ballast = path.join(dataDir, 'ballast');
    await writeFile(log, visits(0, 1_000));
    app = await startApp({ env: { DEMO: '0', ACCESS_LOG: log }, dataDir });
    const { url } = app;
    await expect.poll(() => total(url)).toBe(1_000);
    await writeFile(ballast, Buffer.alloc(32 * 2 ** 20)).catch(() => {});
    await appendFile(log, visits(1_000, 21_000));
    await expect
      .poll(async () => JSON.stringify((await health(url)).body.problems), { timeout: 15_000 })
      .toContain('disk is full');
    const sick = await health(url);
    expect(sick.status).toBe(503);
    expect(sick.body.store.writable).toBe(false);
    expect(await total(url)).toBe(1_000);
    expect((await fetch(`${url}/vpn`)).status).toBe(200);
    await rm(ballast);
    await expect.poll(() => total(url), { timeout: 15_000 }).toBe(21_000);
    await expect
      .poll(async () => (await health(url)).body.store.writable, { timeout: 15_000 })
      .toBe(true);
  } finally {
    await app?.stop();
    execFileSync('umount', [dataDir]);
  }
});

test('a backup made while the product runs is a whole database it can start on', async () => {
  const log = path.join(folder, 'access.log');
  const dataDir = path.join(folder, 'data');
  const copy = path.join(folder, 'restored', 'observatory.sqlite');
  await mkdir(path.dirname(copy));
  await writeFile(log, visits(0, 300));
  const app = await startApp({ env: { DEMO: '0', ACCESS_LOG: log }, dataDir });
  await expect.poll(() => total(app.url)).toBe(300);
  const said = execFileSync(process.execPath, ['scripts/backup.mjs', copy], {
    env: { ...process.env, DATA_DIR: dataDir },
    encoding: 'utf8',
  });
  expect(said).toContain('Backed up');
  await appendFile(log, visits(300, 400));
  await expect.poll(() => total(app.url)).toBe(400);
  await app.stop();
  // Restored, it goes on where the backup was made: nothing is missing and nothing counted twice.
  const restored = await startApp({
    env: { DEMO: '0', ACCESS_LOG: log },
    dataDir: path.dirname(copy),
  });
  await expect.poll(() => total(restored.url)).toBe(400);
  await restored.stop();
});

test('a backup is restored once the product has stopped, and not before', async () => {
  const log = path.join(folder, 'restored.log');
  const dataDir = path.join(folder, 'restored-data');
  const copy = path.join(folder, 'backup.sqlite');
  const run = (script: string) =>
    spawnSync(process.execPath, [`scripts/${script}.mjs`, copy], {
      env: { ...process.env, DATA_DIR: dataDir },
      encoding: 'utf8',
    });
  await writeFile(log, visits(0, 300));
  const env = { DEMO: '0', ACCESS_LOG: log };
  const app = await startApp({ env, dataDir });
  await expect.poll(() => total(app.url)).toBe(300);
  expect(run('backup').status).toBe(0);
  const refused = run('restore');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/is in use: stop the service.*Nothing was changed/);
  expect(await total(app.url)).toBe(300);
  await app.stop();
  const restored = run('restore');
  expect(restored.stderr).not.toMatch(/Nothing/);
  expect(restored.stdout).toMatch(/Restored .*backup\.sqlite to .*what was there is kept as/);
  // What the log has since the backup is read again, once.
  await appendFile(log, visits(300, 350));
  const again = await startApp({ env, dataDir });
  await expect.poll(() => total(again.url)).toBe(350);
  await again.stop();
});

test('settings that are wrong are all named, each in a line, and nothing is served', async () => {
  const env = { DEMO: '0', RETENTION_RAW_DAYS: 'ever', ACCESS_LOG_FORMAT: '$status' };
  const started = await startApp({ env }).catch((error: Error) => error.message);
  expect(started).toContain('RETENTION_RAW_DAYS');
});
