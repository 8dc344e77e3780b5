import { rename } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { AccessLogsResponse, DevicesResponse } from '../../lib/api/schemas';
import { cli } from '../../lib/tailscale/cli';
import { localApi } from '../../lib/tailscale/local-api';
import { type RunningApp, startApp } from '../harness/app';
import { lab } from '../harness/lab';
import { type RunningNginx, startNginx } from '../harness/nginx';

const tailnet = lab();
const HOST = 'chocolate-factory.tail.test';
let nginx: RunningNginx;
let app: RunningApp;
test.beforeAll(async () => {
  nginx = await startNginx({ realIp: true });
  await tailnet.ts('factory', 'serve', '--bg', '--http', '80', nginx.url);
  app = await startApp({
    env: {
      TAILSCALE_SOCKET: tailnet.socket,
      TAILSCALE_CLI: tailnet.cli,
      ACCESS_LOG: nginx.accessLog,
    },
  });
  await app.waitHealthy();
});
test.afterAll(async () => {
  await tailnet.ts('factory', 'serve', '--http', '80', 'off');
  await app.stop();
  await nginx.stop();
});

const hits = async (): Promise<AccessLogsResponse> =>
  (await fetch(`${app.url}/analytics/access-logs?hours=1&limit=1000`)).json();

test('accesses by git and dev through tailscale serve are on the page, by name, within five seconds', async ({
  page,
}) => {
  await page.goto(`${app.url}/vpn`);
  await tailnet.get('git', `http://${HOST}/from-git?secret=1`);
  await tailnet.get('dev', `http://${HOST}/from-dev`);
  const last = page.getByRole('region', { name: /^Last accesses/ });
  await expect(last).toContainText('/from-git', { timeout: 5_000 });
  await expect(last).toContainText('/from-dev', { timeout: 5_000 });
  await expect(last).toContainText('git');
  await expect(last).toContainText('chocolate-factory-dev');
  await expect(last).not.toContainText('secret');
  const { hits: all } = await hits();
  const git = all.find((hit) => hit.path === '/from-git');
  expect(git).toMatchObject({
    ip: tailnet.addresses.git,
    device: 'git',
    method: 'GET',
    status: 200,
  });
  expect(git?.user).toContain('@');
  expect(git?.response_time_ms).not.toBeNull();
});

test('logrotate as nginx knows it loses no hit', async () => {
  const before = (await hits()).total;
  for (let i = 0; i < 5; i++) {
    await tailnet.get('git', `http://${HOST}/rotating/${i}`);
    if (i % 2 === 0) continue;
    await rename(nginx.accessLog, `${nginx.accessLog}.${5 - i}`);
    await nginx.reopen();
  }
  await expect.poll(async () => (await hits()).total, { timeout: 10_000 }).toBe(before + 5);
});

test('the devices are the tailnet’s, with the path that tailscale itself reports', async () => {
  await tailnet.ts('factory', 'ping', '--c', '3', tailnet.addresses.git);
  const devices = async (): Promise<DevicesResponse> =>
    (await fetch(`${app.url}/analytics/devices`)).json();
  const pathOf = async (name: string) =>
    (await devices()).devices.find((device) => device.hostname === name)?.path;
  expect((await devices()).counts).toMatchObject({ total: 3, own: 3, shared: 0, external: 0 });
  expect((await devices()).source).toBe('localapi');
  await expect.poll(() => pathOf('git'), { timeout: 15_000 }).toMatch(/direct|relay|idle/);
});

test('both transports give the same answers for the same network', async () => {
  const api = localApi({ socketPath: tailnet.socket, cli: tailnet.cli });
  const command = cli({ command: tailnet.cli, socketPath: tailnet.socket });
  const [a, b] = [await api.status(), await command.status()];
  const stable = (status: typeof a) =>
    status.devices.map(({ id, hostname, addresses, user, classification, online }) => ({
      id,
      hostname,
      addresses,
      user,
      classification,
      online,
    }));
  expect(stable(a)).toEqual(stable(b));
  expect(await api.whois(tailnet.addresses.git)).toEqual(
    await command.whois(tailnet.addresses.git),
  );
  expect(await api.whois('100.99.99.99')).toBeNull();
  expect(await command.whois('100.99.99.99')).toBeNull();
  for (const transport of [api, command]) {
    const pongs = await transport.ping(tailnet.addresses.git, { count: 3 });
    expect(pongs.at(-1)).toMatchObject({ ok: true });
    expect((await transport.netcheck()).preferredDerp).toBe(4);
    expect((await transport.derpMap())['4']).toEqual({ code: 'fra', name: 'Frankfurt' });
  }
});
