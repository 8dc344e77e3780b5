import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { listLogFiles } from '../../lib/log/log-files';
import { type RunningApp, startApp } from '../harness/app';
import { type LabNode, lab } from '../harness/lab';
import { type RunningNginx, startNginx } from '../harness/nginx';
import { freePort } from '../harness/process';
import { ask } from '../harness/raw-http';

const tailnet = lab();
const HOST = 'chocolate-factory.tail.test';
/** As the lab's coordination server calls them. */
const GIT = 'user-2@fake-control.example.net';
const DEV = 'user-3@fake-control.example.net';
let nginx: RunningNginx;
let app: RunningApp;
/** Where the tailnet finds the app: straight behind Serve, and behind Serve and nginx. */
const gates: Record<string, string> = {};
const servePorts: string[] = [];

async function serve(target: string): Promise<string> {
  const port = String(await freePort());
  await tailnet.ts('factory', 'serve', '--bg', '--http', port, target);
  servePorts.push(port);
  return `http://${HOST}:${port}`;
}

test.beforeAll(async () => {
  const port = await freePort();
  nginx = await startNginx({ upstream: `http://127.0.0.1:${port}` });
  app = await startApp({
    port,
    env: {
      TAILSCALE_SOCKET: tailnet.socket,
      TAILSCALE_CLI: tailnet.cli,
      TAILSCALE_ADMINS: DEV,
      TRUSTED_PROXIES: '127.0.0.1',
      AUTH: 'strict',
    },
  });
  gates['tailscale serve'] = await serve(app.url);
  // The lab's tailscaled has no TUN device: it passes what comes to this device on to the same port of loopback.
  gates['the port itself'] = `http://${(await tailnet.ts('factory', 'ip', '-4')).trim()}:${port}`;
  gates['nginx behind tailscale serve'] = await serve(nginx.url);
});
test.afterAll(async () => {
  for (const port of servePorts) await tailnet.ts('factory', 'serve', '--http', port, 'off');
  await nginx.stop();
  await app.stop();
});

const FORGED = [
  ...['-H', `Tailscale-User-Login: ${DEV}`, '-H', 'Tailscale-User-Name: Dev'],
  ...['-H', `X-Forwarded-For: ${tailnet.addresses.dev}`],
  ...['-H', `Forwarded: for=${tailnet.addresses.dev}`, '-H', `X-Real-IP: ${tailnet.addresses.dev}`],
];
const status = async (node: LabNode, url: string, ...args: string[]) =>
  Number(await tailnet.get(node, url, '-o', '/dev/null', '-w', '%{http_code}', ...args));

for (const name of ['tailscale serve', 'nginx behind tailscale serve', 'the port itself']) {
  test.describe(`through ${name}`, () => {
    const at = (path: string) => `${gates[name]}${path}`;

    test('everyone is who they are, and no header makes them another user', async () => {
      for (const headers of [
        [],
        FORGED,
        [...FORGED, '-H', 'X-Forwarded-For: 127.0.0.1, 100.64.0.1'],
      ]) {
        const git = JSON.parse(await tailnet.get('git', at('/me.json'), ...headers));
        expect(git).toMatchObject({ kind: 'node', login: GIT, device: 'git', role: 'viewer' });
        const dev = JSON.parse(await tailnet.get('dev', at('/me.json'), ...headers));
        expect(dev).toMatchObject({ login: DEV, device: 'chocolate-factory-dev', role: 'admin' });
      }
    });

    test('a viewer looks and changes nothing; an admin does, and is named in the audit', async () => {
      const json = ['-H', 'Content-Type: application/json', '-d', '{"minutes":5,"reason":"live"}'];
      expect(await status('git', at('/vpn'))).toBe(200);
      expect(await status('git', at('/health-monitoring/mutes'), ...json)).toBe(403);
      expect(await status('git', at('/health-monitoring/mutes'), ...json, ...FORGED)).toBe(403);
      expect(await status('git', at('/logs/search'), ...FORGED)).toBe(403);
      const crossSite = ['-H', 'Origin: https://evil.example', '-H', 'Sec-Fetch-Site: cross-site'];
      expect(await status('dev', at('/health-monitoring/mutes'), ...json, ...crossSite)).toBe(403);
      expect(await status('dev', at('/health-monitoring/mutes'), ...json)).toBe(200);
      const { entries } = JSON.parse(await tailnet.get('dev', at('/audit')));
      expect(entries[0]).toMatchObject({ actor: DEV, action: 'mute' });
    });

    test('paths written in other ways and names that are not ours lead nowhere', async () => {
      for (const path of [
        '/vpn/../logs/search',
        '//logs/search',
        '/%6cogs/search',
        '/_next/static/..%2f..%2flogs/search',
      ]) {
        const body = await tailnet.get('git', at(path), '--path-as-is');
        expect(body, path).not.toContain('"entries":');
      }
      expect(
        await tailnet.get('git', at('/analytics/devices'), '-H', 'Host: evil.example'),
      ).not.toContain('tail.test"');
      expect(
        await status('git', at('/analytics/devices'), '-H', 'Host: evil.example'),
      ).toBeGreaterThanOrEqual(400);
    });
  });
}

test('a visitor whose connection tailscaled passes on to loopback is not the operator (AUTH=local)', async () => {
  const local = await startApp({
    env: { TAILSCALE_SOCKET: tailnet.socket, TAILSCALE_CLI: tailnet.cli, TAILSCALE_ADMINS: DEV },
  });
  try {
    await local.waitHealthy();
    const { port } = new URL(local.url);
    const url = `http://${(await tailnet.ts('factory', 'ip', '-4')).trim()}:${port}/me.json`;
    for (const headers of [[], FORGED]) {
      const git = JSON.parse(await tailnet.get('git', url, ...headers));
      expect(git).toMatchObject({ kind: 'node', login: GIT, role: 'viewer' });
    }
    expect(JSON.parse((await ask(local.url, { path: '/me.json' })).body).kind).toBe('operator');
  } finally {
    await local.stop();
  }
});

test('at another address of loopback the tailnet has no way but tailscale serve, by which everyone is who they are', async () => {
  const apart = await startApp({
    env: {
      ...{ HOST: '127.0.0.2', TAILSCALE_SOCKET: tailnet.socket, TAILSCALE_CLI: tailnet.cli },
      TAILSCALE_ADMINS: DEV,
    },
  });
  try {
    await apart.waitHealthy();
    const { port } = new URL(apart.url);
    const own = (await tailnet.ts('factory', 'ip', '-4')).trim();
    await expect(tailnet.get('git', `http://${own}:${port}/me.json`)).rejects.toThrow();
    const served = `${await serve(apart.url)}/me.json`;
    for (const headers of [[], FORGED]) {
      const git = JSON.parse(await tailnet.get('git', served, ...headers));
      expect(git).toMatchObject({ kind: 'node', login: GIT, role: 'viewer' });
      const dev = JSON.parse(await tailnet.get('dev', served, ...headers));
      expect(dev).toMatchObject({ kind: 'node', login: DEV, role: 'admin' });
    }
    expect(JSON.parse((await ask(apart.url, { path: '/me.json' })).body).kind).toBe('operator');
  } finally {
    await apart.stop();
  }
});

test('a program on this machine is nobody, whatever it says (AUTH=strict)', async () => {
  const claims: Record<string, string>[] = [
    {},
    { 'Tailscale-User-Login': DEV },
    { 'X-Real-IP': tailnet.addresses.dev },
  ];
  for (const headers of claims) {
    expect((await ask(app.url, { path: '/vpn', headers })).status).toBe(403);
  }
});

test('the log says who was refused what, and nobody could write into it', async () => {
  await tailnet.get('git', `${gates['tailscale serve']}/logs/search?x=%0a%1b%5b31m`);
  const files = listLogFiles(`${app.dataDir}/logs`);
  const lines = (await Promise.all(files.map(({ path }) => readFile(path, 'utf8')))).join('');
  expect(lines).not.toContain('\u001b');
  const refused = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ user }) => user === GIT);
  expect(refused.at(-1)).toMatchObject({ logger: 'identity', data: { status: 403 } });
});
