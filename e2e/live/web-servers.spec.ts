import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { AccessLogsResponse } from '../../lib/api/schemas';
import type { HealthResponse } from '../../lib/api/service-schemas';
import { type FakeTailscaled, fakeTailscaled } from '../fakes/tailscaled';
import { type RunningApp, startApp } from '../harness/app';
import { type ServerName, startWebServer, type WebServer } from '../harness/web-servers';

const NAMES: ServerName[] = ['nginx', 'apache', 'caddy', 'haproxy'];
const has = (program: string) => {
  try {
    execFileSync('sh', ['-c', `command -v "${program}"`]);
    return true;
  } catch {
    return false;
  }
};
test.skip(
  !['nginx', 'apache2', 'haproxy', 'logrotate', 'ss', process.env.LAB_CADDY || 'caddy'].every(has),
  'needs nginx, Apache, HAProxy, logrotate and the lab’s Caddy (npm run lab -- up caddy)',
);
test.describe.configure({ mode: 'serial' });

const METHODS = ['GET', 'POST', 'GET', 'HEAD', 'PUT', 'GET', 'DELETE', 'OPTIONS', 'PROPFIND'];
/** People's, apps' and attackers'. */
const TARGETS = [
  ...['/a', '/a?token=s3cret', '/missing', '/down', '/q"uote\'s', '/café', '/caf%C3%A9'],
  ...['/wp-login.php', '/.env', '/.%2e/.%2e/etc/passwd', '/cgi-bin/%%32%65/sh', '/<script>'],
  ...['/a+b,c;d=1', '/?q=<script>alert(1)</script>', '/$%7Bjndi:ldap:x%7D', '/x" 200 5 "-" "y'],
];
/** What is no HTTP at all. */
const TLS = '\x16\x03\x01\x00\x05hello\r\n\r\n';
const LONG_AGENT = 'x'.repeat(3_000);

let folder: string;
let tailscaled: FakeTailscaled;
let app: RunningApp;
let servers: WebServer[] = [];
/** By server: how often `METHOD STATUS PATH` was answered. */
const sent: Record<string, Record<string, number>> = {};
/** Answers with status 400, whose line has what the server could make of them. */
let refused = 0;

const count = (into: Record<string, number>, key: string) => {
  into[key] = (into[key] ?? 0) + 1;
};
/** As the product shows it: matrix parameters masked, without query. */
const shown = (target: string) => (target.split('?')[0] ?? '').replace(/;[^/]*/, ';…');

async function request(
  server: WebServer,
  method: string,
  target: string,
  agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
): Promise<void> {
  const full = `/${server.name}${target}`;
  const head = `Host: notes.home.example\r\nUser-Agent: ${agent}\r\nContent-Length: 0\r\nConnection: close`;
  const status = await server.send(`${method} ${full} HTTP/1.1\r\n${head}\r\n\r\n`);
  expect(status, `${method} ${full}`).toBeGreaterThan(0);
  if (status !== 400) {
    sent[server.name] ??= {};
    count(sent[server.name] ?? {}, `${method} ${status} ${shown(full)}`);
  } else if (server.name !== 'caddy') refused++;
}

/** Sends every method and target some times. */
async function visit(server: WebServer, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    for (const [j, target] of TARGETS.entries()) {
      await request(server, METHODS[(i + j) % METHODS.length] ?? 'GET', target);
    }
  }
}

const health = async (): Promise<HealthResponse['access_log']> =>
  (await (await fetch(`${app.url}/healthz`)).json()).access_log;

/** By server, like `sent`; and the number of hits with status 400. */
async function received() {
  const answer = await fetch(`${app.url}/analytics/access-logs.jsonl?hours=1&bots=true`);
  const lines = (await answer.text()).trim().split('\n').filter(Boolean);
  const hits = lines.map((line): AccessLogsResponse['hits'][number] => JSON.parse(line));
  const by: Record<string, Record<string, number>> = {};
  let malformed = 0;
  for (const { method, status, path: target } of hits) {
    if (status === 400) {
      malformed++;
      continue;
    }
    const name = target?.split('/')[1] ?? '';
    by[name] ??= {};
    count(by[name] ?? {}, `${method} ${status} ${target}`);
  }
  return { by, malformed };
}

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'web-servers-'));
  await chmod(folder, 0o755);
  const logs = path.join(folder, 'logs');
  await mkdir(logs);
  servers = await Promise.all(NAMES.map((name) => startWebServer(name, folder, logs)));
  tailscaled = await fakeTailscaled({ status: 'status-constructed.json' });
  app = await startApp({
    env: {
      TAILSCALE_SOCKET: tailscaled.socketPath,
      ACCESS_LOG: path.join(logs, '*.log'),
      // The requests come from loopback.
      COUNT_CLIENTS: 'all',
    },
  });
});
test.afterAll(async () => {
  await app?.stop();
  await tailscaled?.close();
  for (const server of servers) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('nginx, Apache, Caddy and HAProxy beside each other are read as they are, each request once', async () => {
  await Promise.all(servers.map((server) => visit(server, 5)));
  for (const server of servers) {
    const status = await server.send(TLS);
    // Caddy does not log what is no request.
    if (status === 400 && server.name !== 'caddy') refused++;
  }
  await expect.poll(received, { timeout: 20_000 }).toEqual({ by: sent, malformed: refused });
  expect(Object.keys(sent).sort()).toEqual([...NAMES].sort());
  const { files, rejected } = await health();
  expect(rejected).toBe(0);
  const formats = files.map(({ path: file, format }) => [path.basename(file), format]);
  expect(Object.fromEntries(formats)).toMatchObject({
    'nginx.log': 'combined',
    'caddy.log': 'caddy',
    'haproxy.log': 'haproxy',
  });
  expect(files.every(({ format, error }) => format !== null && error === null)).toBe(true);
});

test('each rotates its log in its own way while it is read, and nothing is lost or counted twice', async () => {
  for (const server of servers) {
    await visit(server, 2);
    await server.rotate(() => request(server, 'GET', '/big', LONG_AGENT));
    await visit(server, 2);
  }
  await Promise.all(servers.map((server) => visit(server, 2)));
  await expect.poll(received, { timeout: 30_000 }).toEqual({ by: sent, malformed: refused });
  expect((await health()).rejected).toBe(0);
  const rotated = (await readdir(path.join(folder, 'logs'))).filter(
    (name) => !/^\w+\.log$/.test(name),
  );
  expect(rotated.map((name) => name.split(/[.-]/)[0]).sort()).toEqual([...NAMES].sort());
});
