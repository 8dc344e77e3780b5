import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import net from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, test } from '@playwright/test';
import { routes } from '../lib/api/routes';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, root, startApp } from './harness/app';
import { ask } from './harness/raw-http';

const PROXY = '127.0.0.9';
const ERAS = ['legacy', { pin: '2026-07-28' }] as const;
type Era = (typeof ERAS)[number];

let app: RunningApp;
let own: RunningApp;
let tailscaled: FakeTailscaled;
const tokens: Record<string, string> = {};
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1' } });
  tailscaled = await fakeTailscaled({ status: 'status-constructed.json' });
  own = await startApp({
    env: {
      TAILSCALE_SOCKET: tailscaled.socketPath,
      ACCESS_LOG: 'e2e/fixtures/nginx/*.log',
      TAILSCALE_ADMINS: 'alice@example.com',
      TRUSTED_PROXIES: PROXY,
      AUTH: 'strict',
    },
  });
  for (const scope of ['read', 'ingest', 'admin']) {
    const printed = execFileSync(
      process.execPath,
      ['scripts/token.mjs', '--scope', scope, '--name', scope],
      { cwd: root, env: { ...process.env, DATA_DIR: own.dataDir }, encoding: 'utf8' },
    );
    tokens[scope] = printed.trimEnd().split('\n').at(-1) ?? '';
  }
  await app.waitHealthy();
  await app.waitRead();
});
test.afterAll(async () => {
  await app.stop();
  await rm(app.dataDir, { recursive: true, force: true });
  await own.stop();
  await tailscaled.close();
});

const withToken = (scope: string) => ({ Authorization: `Bearer ${tokens[scope]}` });

async function connected(base: string, headers: Record<string, string> = {}, era: Era = 'legacy') {
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { ...era } } },
  );
  const url = new URL(`${base}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  return client;
}

/** Returns the texts of an answer: the JSON, and the note when there is one. */
async function call(client: Client, name: string, given: Record<string, unknown> = {}) {
  const { content, isError } = await client.callTool({ name, arguments: given });
  const texts = content.map((part) => (part.type === 'text' ? part.text : ''));
  return { text: texts[0] ?? '', note: texts[1] ?? null, isError: isError ?? false };
}

/** What calls need to be answered at all. */
const NEEDED: Record<string, Record<string, string>> = {
  models_metrics_history: { model_name: 'requests/prophet' },
  health_monitoring_connection_stats: { hostname: 'git' },
  health_monitoring_latency_history: { hostname: 'nas' },
  health_monitoring_latency_forecast: { hostname: 'nas' },
  health_monitoring_uptime: { hostname: '100.101.102.4' },
};

for (const era of ERAS) {
  const revision = era === 'legacy' ? '2025' : '2026';

  test(`a client of ${revision} lists the tools and calls each: what it reads is what the API says`, async () => {
    const client = await connected(app.url, {}, era);
    expect(client.getServerVersion()).toMatchObject({ name: 'tailnet-observatory' });
    expect(client.getInstructions()).toContain('read only');
    const { tools } = await client.listTools();
    expect(tools).toHaveLength(Object.keys(routes).length - 2);
    for (const { name, inputSchema, annotations, description } of tools) {
      expect(annotations?.readOnlyHint, name).toBe(true);
      expect(description?.length, name).toBeGreaterThan(30);
      expect(inputSchema.type).toBe('object');
      const { text, isError } = await call(client, name, NEEDED[name]);
      expect(isError, `${name}: ${text}`).toBe(false);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(40_000);
      expect(Object.keys(JSON.parse(text)).length, name).toBeGreaterThan(0);
    }
    // Between two answers there may have been a round.
    await expect(async () => {
      const summary = await (await fetch(`${app.url}/health-monitoring/summary`)).json();
      const answered = JSON.parse((await call(client, 'health_monitoring_summary')).text);
      expect(answered).toEqual({ ...summary, generated_at: answered.generated_at });
    }).toPass();
    await client.close();
  });
}

test('too much is cut, with a note that says how much there is and how to ask for less', async () => {
  const client = await connected(app.url);
  const { text, note } = await call(client, 'analytics_access_logs', { days: 30, limit: 1_000 });
  const { hits, total } = JSON.parse(text);
  expect(hits.length).toBeGreaterThan(20);
  expect(hits.length).toBeLessThanOrEqual(200);
  expect(total).toBeGreaterThan(1_000);
  expect(note).toMatch(/^Of hits, only the first \d+ of 1,000 are here\. Ask for less with: hours/);
  const less = await call(client, 'analytics_access_logs', { days: 30, limit: 5, status: '5xx' });
  expect(less.note).toBeNull();
  expect(JSON.parse(less.text).hits).toHaveLength(5);
  const history = { hostname: 'git', hours: 720 };
  const series = await call(client, 'health_monitoring_latency_history', history);
  expect(series.note).toMatch(/^Of history, only the last \d+ of \d+ are here/);
  await client.close();
});

test('wrong arguments are answered with what is wrong, in the language of who asks', async () => {
  const client = await connected(app.url);
  const wrong = async (name: string, given: Record<string, unknown>) => {
    const { text, isError } = await call(client, name, given);
    expect(isError).toBe(true);
    return text;
  };
  expect(await wrong('analytics_access_logs', { hours: 0 })).toMatch(/hours must be from 1 to/);
  expect(await wrong('analytics_access_logs', { surprise: 1 })).toMatch(
    /surprise is not a parameter/,
  );
  expect(await wrong('analytics_log_doctor', { unmasked: true })).toMatch(
    /unmasked is not a parameter/,
  );
  expect(await wrong('health_monitoring_uptime', {})).toMatch(/^Bad request:.*\nhostname /s);
  expect(await wrong('health_monitoring_uptime', { hostname: '..' })).toMatch(/hostname is not/);
  expect(await wrong('health_monitoring_uptime', { hostname: 'naz' })).toMatch(
    /^Not found: No device is called "naz"; did you mean nas\?$/,
  );
  await expect(client.callTool({ name: 'delete_everything' })).rejects.toThrow(
    /There is no tool "delete_everything"/,
  );
  const spanish = await connected(app.url, { 'Accept-Language': 'es' });
  const said = await call(spanish, 'health_monitoring_uptime', { hostname: 'naz' });
  expect(said.text).toMatch(/¿|Ningún|ningún/);
  await client.close();
  await spanish.close();
});

test('without a token, with a wrong one, or one for reports there is nothing; tailnet identity will do', async () => {
  await expect(connected(own.url)).rejects.toThrow(/403|could not be identified/);
  const wrong = { Authorization: 'Bearer obs_x_0123456789abcdefghij' };
  await expect(connected(own.url, wrong)).rejects.toThrow();
  await expect(connected(own.url, withToken('ingest'))).rejects.toThrow(/403|only send/);
  const viewer = await connected(own.url, withToken('read'));
  const names = (await viewer.listTools()).tools.map(({ name }) => name);
  expect(names).toContain('analytics_devices');
  expect(names.filter((name) => /^(logs|audit|settings)/.test(name))).toEqual([]);
  const { text, isError } = await call(viewer, 'logs_search');
  expect(isError).toBe(true);
  expect(text).toMatch(/^Forbidden: Only admins may do this/);
  expect(JSON.parse((await call(viewer, 'analytics_devices')).text).source).toBe('localapi');
  const admin = await connected(own.url, withToken('admin'));
  expect((await admin.listTools()).tools.map(({ name }) => name)).toContain('logs_search');
  expect(
    JSON.parse((await call(admin, 'logs_search', { level: 'INFO' })).text).entries,
  ).not.toEqual([]);
  await viewer.close();
  await admin.close();
  // A person of the tailnet, behind a proxy that says who asks.
  const from = (address: string) =>
    ask(own.url, {
      ...INITIALIZE,
      from: PROXY,
      headers: { ...JSON_BODY, 'X-Forwarded-For': address },
    });
  expect((await from('100.64.0.2')).status).toBe(200);
  expect((await from('203.0.113.7')).status).toBe(403);
});

const JSON_BODY = {
  'Content-Type': 'application/json',
  Accept: 'application/json, text/event-stream',
};
const INITIALIZE = {
  method: 'POST',
  path: '/mcp',
  body: JSON.stringify({
    ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
    params: {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    },
  }),
};

test('pages of other sites, rebound names, other methods and odd bodies get nothing', async () => {
  const post = (headers: Record<string, string>, body: string = INITIALIZE.body) =>
    ask(app.url, { ...INITIALIZE, body, headers: { ...JSON_BODY, ...headers } });
  expect((await post({})).status).toBe(200);
  expect((await post({ Origin: 'https://evil.example' })).status).toBe(403);
  expect((await post({ Origin: 'null' })).status).toBe(403);
  expect((await post({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  expect((await post({ Host: 'evil.example' })).status).toBe(421);
  expect((await post({ 'Content-Type': 'text/plain' })).status).toBe(400);
  expect((await post({}, '{')).status).toBe(400);
  expect((await post({}, 'null')).status).toBe(400);
  expect((await post({}, `"${'x'.repeat(70_000)}"`)).status).toBe(400);
  expect((await post({}, `"${'x'.repeat(300_000)}"`)).status).toBe(413);
  const many = JSON.parse(INITIALIZE.body);
  expect((await post({}, JSON.stringify([many, many]))).status).toBe(400);
  for (const method of ['GET', 'DELETE']) {
    expect((await ask(app.url, { method, path: '/mcp', headers: JSON_BODY })).status).toBe(405);
  }
  for (const path of ['/mcp/', '//mcp', '/MCP', '/mcp/../audit', '/mcp%2f']) {
    const headers = { ...JSON_BODY, ...withToken('read') };
    const { status } = await ask(own.url, { ...INITIALIZE, path, headers });
    expect(status, path).toBeGreaterThanOrEqual(308);
  }
});

test('a connection that is cut harms neither the service nor the client, and neither does a restart', async () => {
  const { hostname, port } = new URL(app.url);
  const body = JSON.stringify({
    ...{ jsonrpc: '2.0', id: 2, method: 'tools/call' },
    params: { name: 'analytics_access_logs', arguments: { days: 90, limit: 1000 } },
  });
  for (let n = 0; n < 20; n++) {
    const socket = net.connect(Number(port), hostname);
    socket.on('error', () => {});
    const head = Object.entries({ Host: 'localhost', ...JSON_BODY }).map(([k, v]) => `${k}: ${v}`);
    const length = n % 2 === 0 ? body.length : body.length * 2;
    socket.write(
      `POST /mcp HTTP/1.1\r\n${head.join('\r\n')}\r\nContent-Length: ${length}\r\n\r\n${body}`,
    );
    await new Promise((resolve) => setTimeout(resolve, n * 3));
    socket.destroy();
  }
  const client = await connected(app.url);
  const stopped = new AbortController();
  const cut = client.callTool(
    { name: 'analytics_access_logs', arguments: { days: 90, limit: 1_000 } },
    { signal: stopped.signal },
  );
  stopped.abort();
  await expect(cut).rejects.toThrow();
  expect((await call(client, 'healthz')).isError).toBe(false);
  const { dataDir } = app;
  await app.kill9();
  await expect(call(client, 'healthz')).rejects.toThrow();
  app = await startApp({ env: { DEMO: '1' }, dataDir, port: Number(port) });
  // The same client goes on: there was no session to lose.
  expect((await call(client, 'health_monitoring_summary')).isError).toBe(false);
  await client.close();
});
