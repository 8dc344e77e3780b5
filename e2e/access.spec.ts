import { execFileSync } from 'node:child_process';
import { chownSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { actions } from '../lib/api/actions';
import { routes } from '../lib/api/routes';
import { replicaCredential } from '../lib/identity/replica';
import { listLogFiles } from '../lib/log/log-files';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, root, startApp } from './harness/app';
import { ask, type RawRequest, sendBytes } from './harness/raw-http';

const PROXY = '127.0.0.9';
const BOT_TOKEN = '123456789:AAE-abcdefghijklmnopqrstuvwxyz01234';
const WEBHOOK_SECRET = 'a-webhook-secret-that-nobody-may-read';
const COLLECTOR_TOKEN = 'what-collectors-and-replicas-share';

let tailscaled: FakeTailscaled;
let app: RunningApp;
let hook: ReturnType<typeof createServer>;
const tokens: Record<string, string> = {};

test.beforeAll(async () => {
  tailscaled = await fakeTailscaled({ status: 'status-constructed.json' });
  // Root's requests would count as tailscaled's own otherwise: both would belong to the same user.
  if (process.getuid?.() === 0) chownSync(tailscaled.socketPath, 65_534, 65_534);
  hook = createServer((_, response) => response.end('{}'));
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  app = await startApp({
    env: {
      TAILSCALE_SOCKET: tailscaled.socketPath,
      ACCESS_LOG: 'e2e/fixtures/nginx/*.log',
      TAILSCALE_ADMINS: 'alice@example.com',
      TRUSTED_PROXIES: PROXY,
      ALLOWED_HOSTS: 'dash.example.com',
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`,
      ALERT_WEBHOOK_SECRET: WEBHOOK_SECRET,
      COLLECTOR_TOKEN,
      LOG_LEVEL: 'debug',
    },
  });
  await app.waitHealthy();
  // Made while it runs: they count at once.
  for (const scope of ['read', 'ingest', 'admin']) {
    const printed = execFileSync(
      process.execPath,
      ['scripts/token.mjs', '--scope', scope, '--name', scope],
      { cwd: root, env: { ...process.env, DATA_DIR: app.dataDir }, encoding: 'utf8' },
    );
    tokens[scope] = printed.trimEnd().split('\n').at(-1) ?? '';
  }
});
test.afterAll(async () => {
  await app.stop();
  await tailscaled.close();
  hook.close();
});

type Visitor = { headers?: () => Record<string, string>; from?: string };
const behindProxy = (address: string): Visitor => ({
  from: PROXY,
  headers: () => ({ 'X-Forwarded-For': address }),
});
const withToken = (scope: string): Visitor => ({
  headers: () => ({ Authorization: `Bearer ${tokens[scope]}` }),
});
/** What a caller may do: everything, look, see only whether the service is healthy, or nothing, with a wrong token. */
type Standing = 'admin' | 'viewer' | 'nobody' | 'refused';

const VISITORS: Record<string, Visitor & { standing: Standing }> = {
  'the operator': { standing: 'admin' },
  'an admin of ours': { ...behindProxy('100.64.1.2'), standing: 'admin' },
  'an admin by IPv6': { ...behindProxy('fd7a:115c:a1e0::1:2'), standing: 'admin' },
  'a member of ours': { ...behindProxy('100.64.0.2'), standing: 'viewer' },
  'a tagged machine of ours': { ...behindProxy('100.64.1.1'), standing: 'nobody' },
  'the owner of a shared device': { ...behindProxy('100.64.1.4'), standing: 'nobody' },
  'a sharee': { ...behindProxy('100.64.1.5'), standing: 'nobody' },
  'an address nobody has': { ...behindProxy('100.64.99.99'), standing: 'nobody' },
  'a caller from the internet': { ...behindProxy('203.0.113.7'), standing: 'nobody' },
  'a chain with an admin in front': {
    ...behindProxy('100.64.1.2, 203.0.113.7'),
    standing: 'nobody',
  },
  'a proxy that names nobody': {
    from: PROXY,
    headers: () => ({ 'X-Forwarded-For': '' }),
    standing: 'nobody',
  },
  'an untrusted proxy': {
    headers: () => ({ 'X-Forwarded-For': '100.64.1.2' }),
    standing: 'nobody',
  },
  'a forger of identity headers': {
    headers: () => ({
      'Tailscale-User-Login': 'alice@example.com',
      'Tailscale-User-Name': 'Alice',
    }),
    standing: 'nobody',
  },
  'a forger of Serve': {
    headers: () => ({
      'Tailscale-User-Login': 'alice@example.com',
      'X-Forwarded-For': '100.64.1.2',
    }),
    standing: 'nobody',
  },
  'a visitor through Funnel': {
    headers: () => ({ 'Tailscale-Funnel-Request': '?1', 'X-Forwarded-For': '203.0.113.7' }),
    standing: 'nobody',
  },
  'a replica': {
    headers: () => ({ Authorization: `Bearer ${replicaCredential(COLLECTOR_TOKEN, app.url)}` }),
    standing: 'admin',
  },
  'a replica for a person': {
    headers: () => ({
      Authorization: `Bearer ${replicaCredential(COLLECTOR_TOKEN, app.url)}`,
      'Observatory-On-Behalf-Of': 'eve%40example.com',
    }),
    standing: 'admin',
  },
  'the operator as a replica': {
    headers: () => ({ 'Observatory-On-Behalf-Of': '' }),
    standing: 'refused',
  },
  'a tagged machine as a replica': {
    ...behindProxy('100.64.1.1'),
    headers: () => ({ 'X-Forwarded-For': '100.64.1.1', 'Observatory-On-Behalf-Of': 'root' }),
    standing: 'refused',
  },
  'a token for everything as a replica': {
    headers: () => ({ ...withToken('admin').headers?.(), 'Observatory-On-Behalf-Of': 'root' }),
    standing: 'refused',
  },
  'a token to look': { ...withToken('read'), standing: 'viewer' },
  'a token to measure': { ...withToken('ingest'), standing: 'nobody' },
  'a token for everything': { ...withToken('admin'), standing: 'admin' },
  'a wrong token': {
    headers: () => ({ Authorization: 'Bearer obs_x_0123456789abcdefghij' }),
    standing: 'refused',
  },
  'another scheme': {
    headers: () => ({ Authorization: 'Basic YWRtaW46YWRtaW4=' }),
    standing: 'refused',
  },
};

/** Everything that is served, found in the sources: a new page or call is in the table by being there. */
const FILES = readdirSync('app', { recursive: true, encoding: 'utf8' }).map(
  (file) => `app/${file}`,
);
const PAGES = FILES.filter((file) => file.endsWith('/page.tsx'))
  .map(addressOf)
  .filter((path) => path !== '/');
const NEXTS_CALLS = FILES.filter((file) => file.endsWith('/route.ts')).flatMap((file) => {
  const methods = /export (?:const|function|async function) (GET|POST|DELETE)\b/g;
  return [...readFileSync(file, 'utf8').matchAll(methods)].map(([, method = '']) => ({
    method,
    path: addressOf(file),
  }));
});
const CALLS = [
  ...NEXTS_CALLS,
  ...Object.keys(routes).map((path) => ({ method: 'GET', path: filled(path, '1') })),
  ...Object.values(actions).flatMap(({ method, path }) => [
    { method, path: filled(path, '1') },
    ...(path.includes('{id}') ? [{ method, path: filled(path, 'main/1') }] : []),
  ]),
];
function filled(path: string, id: string): string {
  return path.replace('{hostname}', 'git').replace('{id}', id);
}
function addressOf(file: string): string {
  const path = file.replace(/^app/, '').replace(/\/(page\.tsx|route\.ts)$/, '');
  return path.replace('/devices/[id]', '/devices/2') || '/';
}
/** Who may report how a model does. */
const REPORTERS = [
  ...['a token to measure', 'a token for everything'],
  ...['a replica', 'a replica for a person'],
];
const ADMINS_ONLY = /^\/(vpn\/)?(logs|audit|settings)/;
const asVisitor = ({ headers, from }: Visitor, request: RawRequest): RawRequest => ({
  ...request,
  from,
  headers: { ...headers?.(), ...request.headers },
});

test('the table is of everything there is', () => {
  expect(PAGES.length).toBeGreaterThan(6);
  expect(CALLS.length).toBeGreaterThan(60);
});

for (const [name, { standing, ...visitor }] of Object.entries(VISITORS)) {
  test(`${name} gets what a ${standing} gets, from every page and every call`, async () => {
    test.setTimeout(120_000);
    const wrong: string[] = [];
    const check = (what: string, status: number, expected: number[]) => {
      if (!expected.includes(status)) wrong.push(`${what}: ${status}, not ${expected}`);
    };
    for (const path of PAGES) {
      const request = { path, headers: { Accept: 'text/html' } };
      const { status, body } = await ask(app.url, asVisitor(visitor, request));
      const open = standing === 'admin' || (standing === 'viewer' && !ADMINS_ONLY.test(path));
      check(path, status, [...(open ? [200] : standing === 'refused' ? [401, 429] : [403])]);
      // A refusal shows nothing of the tailnet.
      if (!open && /tail\.test|subnet-router|100\.64\.1\.6/.test(body)) wrong.push(`${path} leaks`);
    }
    for (const { method, path } of CALLS) {
      const post =
        method === 'POST' ? { body: '{}', headers: { 'Content-Type': 'application/json' } } : {};
      const { status, body } = await ask(app.url, asVisitor(visitor, { method, path, ...post }));
      const what = `${method} ${path}`;
      if (path.startsWith('/embed/')) {
        // The link decides; this one is none.
        check(what, status, standing === 'refused' ? [401, 429] : [403, 404]);
        continue;
      }
      if (path === '/healthz') {
        check(what, status, standing === 'refused' ? [401, 429] : [200]);
        if (standing === 'nobody') expect(JSON.parse(body)).toEqual({ status: 'ok' });
        continue;
      }
      if (path === '/models/metrics') {
        // Machines report, with a token made for it; people do not, the operator among them.
        const reports = REPORTERS.includes(name);
        check(what, status, standing === 'refused' ? [401, 429] : reports ? [400] : [403]);
        continue;
      }
      // MCP looks by POST; an empty body is none of its messages.
      const admin = (method !== 'GET' && path !== '/mcp') || ADMINS_ONLY.test(path);
      if (standing === 'refused') check(what, status, [401, 429]);
      else if (standing === 'nobody' || (standing === 'viewer' && admin))
        check(what, status, [403]);
      // Alert 1 and mute 1 need not be there, an empty body need not do.
      else check(what, status, [200, 204, 400, 404]);
    }
    expect(wrong).toEqual([]);
  });
}

test('what a browser needs before it is anybody is open, and is the same for everyone', async () => {
  const nobody = VISITORS['a caller from the internet'] ?? {};
  for (const path of [
    ...['/theme.js', '/icon.svg', '/manifest.webmanifest', '/sw.js', '/offline.html'],
    ...['/app-icon/192.png', '/app-icon/512.png', '/app-icon/180.png'],
  ]) {
    expect((await ask(app.url, asVisitor(nobody, { path }))).status).toBe(200);
  }
});

test('names that are not ours get no answer: DNS rebinding', async () => {
  const { port } = new URL(app.url);
  for (const Host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    'tail.test',
  ]) {
    const { status, body } = await ask(app.url, { path: '/analytics/devices', headers: { Host } });
    expect(status, Host).toBe(421);
    expect(body).toMatch(/ALLOWED_HOSTS/);
  }
  for (const Host of [
    `localhost:${port}`,
    'dash.example.com',
    'chocolate-factory.tail.test',
    'chocolate-factory',
  ]) {
    expect(
      (await ask(app.url, { path: '/analytics/devices', headers: { Host } })).status,
      Host,
    ).toBe(200);
  }
});

test('pages of other sites change nothing', async () => {
  const request = { method: 'POST', path: '/health-monitoring/mutes', body: '{"minutes":5}' };
  const json = { 'Content-Type': 'application/json' };
  const foreign: Record<string, string>[] = [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: app.url.replace('127.0.0.1', 'localhost') },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ];
  for (const headers of foreign) {
    const { status } = await ask(app.url, { ...request, headers: { ...json, ...headers } });
    expect(status, JSON.stringify(headers)).toBe(403);
  }
  // A form cannot send JSON.
  const form = { 'Content-Type': 'text/plain', 'Sec-Fetch-Site': 'same-origin' };
  expect((await ask(app.url, { ...request, headers: form })).status).toBe(400);
  const ours = { ...json, Origin: app.url, 'Sec-Fetch-Site': 'same-origin' };
  expect((await ask(app.url, { ...request, headers: ours })).status).toBe(200);
});

const HEADER_TRICKS: Record<string, string>[] = [
  {},
  { RSC: '1' },
  { 'x-middleware-subrequest': 'proxy:proxy:proxy' },
  { 'x-matched-path': '/vpn' },
];

test('no way of writing an address gets a viewer to what is an admin’s, or anybody to anything', async () => {
  const viewer = VISITORS['a member of ours'] ?? {};
  const nobody = VISITORS['a caller from the internet'] ?? {};
  const tricks = (path: string) => [
    `/${path}`,
    `/${path}/`,
    `//${path}`,
    `/./${path}`,
    `/x/../${path}`,
    `/%2e/${path}`,
    `/x/%2e%2e/${path}`,
    `/${path.toUpperCase()}`,
    `/%${path.charCodeAt(0).toString(16)}${path.slice(1)}`,
    `/${path}%2f`,
    `/${path}%00`,
    `/${path};x`,
    `/${path}?_rsc=1`,
    `/_next/static/../../${path}`,
    `/_next/static/%2e%2e/%2e%2e/${path}`,
    `/_next/static/..%2f..%2f${path}`,
    `/theme.js/../${path}`,
    `/healthz/../${path}`,
    `/_next/data/x/${path}.json`,
    `/${path}.rsc`,
    `/${path}.txt`,
    `/\\${path}`,
    `/${path}#x`,
    `http://127.0.0.1/${path}`,
  ];
  for (const path of [...tricks('vpn/logs'), ...tricks('logs/search'), ...tricks('vpn/audit')]) {
    const { body } = await ask(app.url, asVisitor(viewer, { path, headers: { RSC: '1' } }));
    expect(body, path).not.toMatch(/started; Tailscale by|"entries":|Who changed what/);
  }
  for (const path of [...tricks('vpn'), ...tricks('analytics/devices')]) {
    for (const headers of HEADER_TRICKS) {
      const { body } = await ask(app.url, asVisitor(nobody, { path, headers }));
      expect(body, path).not.toMatch(/tail\.test|web-prod/);
    }
  }
});

test('what is oversized or malformed is refused, and the service goes on', async () => {
  const json = { 'Content-Type': 'application/json' };
  const mutes = { method: 'POST', path: '/health-monitoring/mutes' };
  const large = JSON.stringify({ minutes: 5, reason: 'x'.repeat(70_000) });
  expect((await ask(app.url, { ...mutes, body: large, headers: json })).status).toBe(400);
  const huge = { ...json, 'Content-Length': String(2 ** 40) };
  expect(await sendBytes(app.url, rawPost(mutes.path, huge))).toMatch(/ 413 /);
  // Without a length it is cut off as it comes.
  const chunked = `${rawPost(mutes.path, { ...json, 'Transfer-Encoding': 'chunked' })}${'10000\r\n'}${'x'.repeat(0x10000)}\r\n10000\r\n${'x'.repeat(0x10000)}\r\n`;
  expect(await sendBytes(app.url, chunked, 5_000)).toMatch(/ 400 /);
  for (const body of [
    '',
    '{',
    '[]',
    'null',
    '{"minutes":"5"}',
    '{"minutes":5,"surprise":1}',
    '\u0000',
    '{"__proto__":{"minutes":5}}',
  ]) {
    expect((await ask(app.url, { ...mutes, body, headers: json })).status, body).toBe(400);
  }
  const path = '/analytics/devices';
  // The answer may be lost when the connection ends while we still write: that is a refusal too.
  const tooLong = { status: 431 };
  const longHeader = ask(app.url, { path, headers: { 'X-Large': 'x'.repeat(100_000) } });
  expect((await longHeader.catch(() => tooLong)).status).toBe(431);
  const longPath = ask(app.url, { path: `${path}?${'x'.repeat(100_000)}` });
  expect((await longPath.catch(() => tooLong)).status).toBe(431);
  for (const method of ['PUT', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    expect((await ask(app.url, { method, path })).status, method).toBe(405);
  }
  for (const bytes of [
    'GET\r\n\r\n',
    '\u0000\u0001\u0002\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
    'GET http://evil.example/vpn HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ]) {
    expect(await sendBytes(app.url, bytes), JSON.stringify(bytes)).toMatch(
      /^(HTTP\/1\.1 4\d\d .*)?$/,
    );
  }
  expect((await ask(app.url, { path })).status).toBe(200);
});

test('a request to upgrade passes the gate as any other, and nothing is upgraded', async () => {
  const upgrade = {
    ...{ Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const nobody = VISITORS['a caller from the internet'] ?? {};
  const viewer = VISITORS['a member of ours'] ?? {};
  for (const path of ['/vpn', '/_next/hmr', '/_next/webpack-hmr', '/no/such/page']) {
    const request = { path, headers: upgrade };
    const refused = await ask(app.url, asVisitor(nobody, request));
    expect([refused.status, refused.headers.connection], path).toEqual([403, 'close']);
    const rebound = { ...request, headers: { ...upgrade, Host: 'evil.example' } };
    expect((await ask(app.url, rebound)).status, path).toBe(421);
  }
  expect((await ask(app.url, asVisitor(viewer, { path: '/vpn', headers: upgrade }))).status).toBe(
    200,
  );
  const logs = asVisitor(viewer, { path: '/vpn/logs', headers: upgrade });
  expect((await ask(app.url, logs)).status).toBe(403);
  const missing = asVisitor(viewer, { path: '/no/such/page', headers: upgrade });
  expect((await ask(app.url, missing)).status).toBe(404);
  const lines = Object.entries(upgrade).map(([name, value]) => `${name}: ${value}\r\n`);
  for (const target of ['//vpn', '/./vpn', '*', 'http://localhost/vpn', 'ws://evil.example/']) {
    const bytes = `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}\r\n`;
    expect(await sendBytes(app.url, bytes), target).toMatch(/ 400 /);
  }
  expect(await sendBytes(app.url, 'CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n')).toBe(
    '',
  );
});

test('wrong tokens are held up after ten in a minute; nobody else is', async () => {
  const from = '127.0.0.77';
  const wrong = {
    path: '/healthz',
    from,
    headers: { Authorization: 'Bearer obs_no_0123456789abcdefghijk' },
  };
  for (let i = 0; i < 10; i++) expect((await ask(app.url, wrong)).status).toBe(401);
  const { status, headers } = await ask(app.url, wrong);
  expect(status).toBe(429);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(
    (await ask(app.url, { path: '/healthz', headers: VISITORS['a token to look']?.headers?.() }))
      .status,
  ).toBe(200);
});

test('who changed what is in the audit and in the log, by name', async () => {
  const admin = VISITORS['an admin of ours'] ?? {};
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ topic: 'latency:git', minutes: 7, reason: 'testing' });
  const muted = await ask(
    app.url,
    asVisitor(admin, { method: 'POST', path: '/health-monitoring/mutes', body, headers }),
  );
  const id = muted.headers['x-request-id'];
  const { entries } = JSON.parse((await ask(app.url, { path: '/audit' })).body);
  expect(entries[0]).toMatchObject({
    actor: 'alice@example.com',
    action: 'mute',
    target: expect.stringMatching(/^latency:git until 20\d\d-\d\d-\d\d \d\d:\d\d$/),
    request_id: id,
  });
  const found = await ask(app.url, { path: `/logs/search?level=INFO&request_id=${id}` });
  expect(JSON.parse(found.body).entries[0]).toMatchObject({
    logger: 'audit',
    user: 'alice@example.com',
    module: 'lib/api/note-action',
    function: 'noteAction',
  });
});

test('identity headers from elsewhere than Serve are said once in the log', async () => {
  const forged = { 'Tailscale-User-Login': 'alice@example.com' };
  for (let i = 0; i < 3; i++) await ask(app.url, { path: '/vpn', headers: forged });
  const { body } = await ask(app.url, {
    path: '/logs/search?level=WARNING&text=identity+headers&limit=1000',
  });
  const warnings: { data: { address: string } }[] = JSON.parse(body).entries;
  expect(warnings.filter(({ data }) => data.address === '127.0.0.1')).toHaveLength(1);
});

test('nothing that a request holds makes a line of the log, or colours it', async () => {
  const forged = '%0a{"level":"ERROR","message":"forged"}%1b[31m';
  await ask(app.url, { path: `/analytics/devices?${forged}` });
  await ask(app.url, { path: `/vpn/${forged}`, headers: { Host: 'evil\u001b[31m' } }).catch(
    () => {},
  );
  await sendBytes(app.url, 'GET /vpn HTTP/1.1\r\nHost: evil"\\{}\r\n\r\n');
  for (const { path } of listLogFiles(`${app.dataDir}/logs`)) {
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain('\u001b');
    for (const line of text.trimEnd().split('\n'))
      expect(JSON.parse(line).message).not.toBe('forged');
  }
});

test('no secret is in the log, the output or an answer after all of this', async () => {
  await ask(app.url, { method: 'POST', path: '/health-monitoring/alerts/test' });
  await ask(app.url, { path: `/analytics/access-logs?user=${tokens.read}` });
  await ask(app.url, { path: `/${tokens.admin}/${BOT_TOKEN}`, headers: { Host: 'evil.example' } });
  const everything = [
    app.stdout(),
    app.stderr(),
    ...listLogFiles(`${app.dataDir}/logs`).map(({ path }) => readFileSync(path, 'utf8')),
    (await ask(app.url, { path: '/logs/search?level=DEBUG&limit=1000' })).body,
    (await ask(app.url, { path: '/healthz' })).body,
    (await ask(app.url, { path: '/metrics' })).body,
  ].join('\n');
  for (const secret of [...Object.values(tokens), WEBHOOK_SECRET, BOT_TOKEN]) {
    expect(everything).not.toContain(secret);
  }
});

test('every answer carries the headers that protect it, and no script but ours runs', async ({
  page,
}) => {
  const { headers, body } = await ask(app.url, { path: '/vpn' });
  const script = /\/_next\/static\/[\w/.-]+\.js/.exec(body)?.[0] ?? '';
  const file = await ask(app.url, { path: script });
  expect([file.status, file.headers['content-security-policy']]).toEqual([
    200,
    "default-src 'none'; frame-ancestors 'none'",
  ]);
  expect(headers['content-security-policy']).toMatch(
    /default-src 'none'; script-src 'self' 'nonce-[\w+/=]{20,}'/,
  );
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['x-frame-options']).toBe('DENY');
  expect(headers['x-powered-by']).toBeUndefined();
  const nonce = (text = '') => /nonce-([^']+)/.exec(text)?.[1];
  const again = await ask(app.url, { path: '/vpn' });
  expect(nonce(again.headers['content-security-policy']?.toString())).not.toBe(
    nonce(headers['content-security-policy']?.toString()),
  );

  const foreign: string[] = [];
  const violations: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(app.url) && !request.url().startsWith('data:'))
      foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) violations.push(message.text());
  });
  for (const path of PAGES) {
    await page.goto(app.url + path);
    await page.waitForLoadState('networkidle');
  }
  expect(foreign).toEqual([]);
  expect(violations).toEqual([]);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "owned"';
    document.body.append(script);
  });
  expect(await page.title()).not.toBe('owned');
});

function rawPost(path: string, headers: Record<string, string>): string {
  const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return `POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
