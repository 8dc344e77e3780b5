import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { problemSchema } from '../lib/api/schemas';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type RunningApp, startApp } from './harness/app';
import { freePort } from './harness/process';

const STATUS = JSON.parse(readFileSync('e2e/fixtures/tailscale/status-direct.json', 'utf8'));
/** Besides the captured devices, two of one name. */
const TWINS = ['21', '22'].map((id, i) => [
  `nodekey:${id}`,
  {
    ...Object.values<object>(STATUS.Peer)[0],
    ...{ ID: id, HostName: 'localhost', DNSName: `pixel-${id}.tail.test.` },
    ...{ PublicKey: `nodekey:${id}`, TailscaleIPs: [`100.64.0.2${i}`] },
  },
]);

let tailscaled: FakeTailscaled;
let app: RunningApp;
/** The status of every answer from the first on, by path, and how many could not connect. */
const answers: { path: string; status: number; body: string }[] = [];

test.beforeAll(async () => {
  const port = await freePort();
  tailscaled = await fakeTailscaled({
    status: { ...STATUS, Peer: { ...STATUS.Peer, ...Object.fromEntries(TWINS) } },
  });
  const asking = new AbortController();
  const asked = askFromTheStart(port, asking.signal);
  app = await startApp({
    port,
    env: { TAILSCALE_SOCKET: tailscaled.socketPath, CRITICAL_NODES: 'git,gti' },
  });
  await sleep(2_000);
  asking.abort();
  await asked;
});
test.afterAll(async () => {
  await app.stop();
  await tailscaled.close();
});

/** Asks again and again, by our own device's name in the tailnet, until it is stopped. */
async function askFromTheStart(port: number, stop: AbortSignal): Promise<void> {
  const host = `${String(STATUS.Self.DNSName).replace(/\.$/, '')}:${port}`;
  while (!stop.aborted) {
    for (const path of ['/vpn', '/analytics/devices', '/analytics/dashboard-usage']) {
      const answer = await askOnce(port, path, host);
      if (answer) answers.push({ path, ...answer });
    }
    await sleep(20);
  }
}

function askOnce(port: number, path: string, host: string) {
  return new Promise<{ status: number; body: string } | null>((resolve) => {
    request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', () => resolve(null))
      .end();
  });
}

test('every request from the first second on is answered as later ones are', () => {
  expect(answers.length).toBeGreaterThan(3);
  const wrong = answers.filter(({ status }) => status !== 200);
  expect(wrong.map(({ path, status, body }) => `${path} ${status} ${body.slice(0, 200)}`)).toEqual(
    [],
  );
});

test('a name in CRITICAL_NODES that matches nothing is said in the log, on /healthz and on the page', async ({
  page,
}) => {
  const said = /gti in CRITICAL_NODES matches no device; did you mean git\?/;
  await expect.poll(app.stdout).toMatch(said);
  expect(app.stdout().split('gti in CRITICAL_NODES')).toHaveLength(2);
  const health = await fetch(`${app.url}/healthz`);
  expect(health.status).toBe(503);
  expect(await health.text()).toMatch(said);
  await page.goto(`${app.url}/vpn`);
  await expect(page.getByRole('region', { name: 'Problems' })).toContainText(said);
});

test('an ambiguous name answers 409 with the candidates', async () => {
  for (const call of ['uptime/localhost', 'latency-history/localhost', 'events?node=localhost']) {
    const response = await fetch(`${app.url}/health-monitoring/${call}`);
    expect(response.status, call).toBe(409);
    const { candidates } = problemSchema.parse(await response.json());
    expect(candidates?.map(({ id }) => id).sort()).toEqual(['21', '22']);
  }
});

test('unknown paths of the API answer problem+json', async () => {
  for (const path of [
    '/analytics/nothing',
    '/analytics/devices/git/more',
    '/health-monitoring/nothing',
  ]) {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(app.url + path, { method });
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(problemSchema.parse(await response.json()).status).toBe(404);
    }
  }
});
