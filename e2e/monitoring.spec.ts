import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { expect, test } from '@playwright/test';
import type {
  AlertsResponse,
  ConnectionStatsResponse,
  LatencyHistoryResponse,
  MuteResponse,
} from '../lib/api/health-schemas';
import type { ProblemResponse } from '../lib/api/schemas';
import { type FakeTailscaled, fakeTailscaled } from './fakes/tailscaled';
import { type FakeTelegram, fakeTelegram } from './fakes/telegram';
import { type RunningApp, startApp } from './harness/app';

let tailscaled: FakeTailscaled;
let telegram: FakeTelegram;
let app: RunningApp;
test.beforeAll(async () => {
  tailscaled = await fakeTailscaled({ status: 'status-direct.json' });
  telegram = await fakeTelegram();
  app = await startApp({
    env: {
      TAILSCALE_SOCKET: tailscaled.socketPath,
      CRITICAL_NODES: 'git',
      TELEGRAM_BOT_TOKEN: '123456:TEST-token',
      TELEGRAM_CHAT_ID: '42',
      TELEGRAM_API_URL: telegram.url,
    },
  });
  await app.waitHealthy();
});
test.afterAll(async () => {
  await app.stop();
  await telegram.close();
  await tailscaled.close();
});
const monitoring = (path: string) => `${app.url}/health-monitoring/${path}`;
const json = async <T>(path: string): Promise<T> => (await fetch(monitoring(path))).json();

test('a device is pinged when asked, and not more often than every ten seconds', async () => {
  // The round that is made at the start comes first.
  await expect
    .poll(async () => JSON.stringify(await json('critical')), { timeout: 20_000 })
    .not.toContain('"last_round":null');
  tailscaled.requests.length = 0;
  const all = await Promise.all(
    Array.from({ length: 20 }, () => json<ConnectionStatsResponse>('connection-stats/git')),
  );
  expect(tailscaled.requests.filter(({ url }) => url.includes('/ping?'))).toHaveLength(5);
  expect(all[0]).toMatchObject({
    hostname: 'git',
    connection_stats: { hostname: 'git', connection_type: 'direct', relay_node: 'none' },
    ping_stats: { count: 5, sent: 5, loss: 0 },
  });
  expect(all[0]?.ping_stats.avg).toBeCloseTo(12.345);
});

test('a device nobody knows is a 404 that names those it may have meant', async () => {
  const response = await fetch(monitoring('latency-history/gti'));
  expect(response.status).toBe(404);
  expect(((await response.json()) as ProblemResponse).detail).toContain('did you mean git?');
  for (const name of ['..%2f..%2fetc', '%00', "'--", 'x'.repeat(300)]) {
    expect((await fetch(monitoring(`uptime/${name}`))).status).toBeLessThan(500);
  }
});

test('a latency history has at most 500 points, whatever its range', async () => {
  for (const hours of [1, 24, 168, 8_760, 87_600]) {
    const { history } = await json<LatencyHistoryResponse>(`latency-history/git?hours=${hours}`);
    expect(history.length).toBeGreaterThan(0);
    expect(history.length).toBeLessThanOrEqual(500);
  }
  expect((await fetch(monitoring('latency-history/git?hours=0'))).status).toBe(400);
});

test('what changes is streamed as it happens', async () => {
  test.setTimeout(120_000);
  const heard: string[] = [];
  const listening = httpRequest(monitoring('stream'), (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => heard.push(chunk));
  });
  listening.on('error', () => {});
  listening.end();
  const status = JSON.parse(readFileSync('e2e/fixtures/tailscale/status-direct.json', 'utf8'));
  const peer = Object.values<{ HostName: string; Online: boolean }>(status.Peer).find(
    ({ HostName }) => HostName === 'chocolate-factory-dev',
  );
  // The first look of the transitions has to be made before there is something to differ from.
  await expect
    .poll(async () => JSON.stringify(await json('nodes')), { timeout: 40_000 })
    .toContain('"online":true');
  await new Promise((resolve) => setTimeout(resolve, 31_000));
  if (peer) peer.Online = false;
  tailscaled.setStatus(status);
  await expect.poll(() => heard.join(''), { timeout: 60_000 }).toContain('"kind":"node_offline"');
  expect(heard.join('')).toContain('event: event\ndata: {');
  listening.destroy();
});

test('a mute is made, listed and ended; what is wrong with one is said', async () => {
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(monitoring('mutes'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const response = await post({ topic: 'relay_git', minutes: 60, reason: 'moving house' });
  expect(response.status).toBe(200);
  const { id } = (await response.json()) as MuteResponse;
  const { mutes } = await json<AlertsResponse>('alerts');
  expect(mutes).toMatchObject([{ id, topic: 'relay_git', reason: 'moving house' }]);
  expect((await fetch(monitoring(`mutes/${id}`), { method: 'DELETE' })).status).toBe(204);
  expect((await json<AlertsResponse>('alerts')).mutes).toEqual([]);
  expect((await fetch(monitoring(`mutes/${id}`), { method: 'DELETE' })).status).toBe(404);
  expect((await post({ minutes: 0 })).status).toBe(400);
  expect((await post({ minutes: 5, extra: 1 })).status).toBe(400);
});

test('another site cannot act here, nor can a form', async () => {
  const foreign = { method: 'POST', headers: { Origin: 'https://evil.example' } };
  expect((await fetch(monitoring('alerts/test'), foreign)).status).toBe(403);
  const cross = { method: 'POST', headers: { 'Sec-Fetch-Site': 'cross-site' } };
  expect((await fetch(monitoring('alerts/test'), cross)).status).toBe(403);
  const form = { method: 'POST', body: new URLSearchParams({ minutes: '5' }) };
  expect((await fetch(monitoring('mutes'), form)).status).toBe(400);
  expect(telegram.delivered).toEqual([]);
});

test('a test message reaches Telegram, and a failure is explained', async () => {
  const send = async () => {
    const response = await fetch(monitoring('alerts/test'), { method: 'POST' });
    return (await response.json()) as { channels: { sent: boolean; error: string | null }[] };
  };
  expect((await send()).channels).toMatchObject([{ sent: true, error: null }]);
  expect(telegram.delivered).toHaveLength(1);
  expect(telegram.delivered[0]?.chat_id).toBe('42');
  telegram.next({ kind: 'too_many', retryAfter: 3 });
  const [channel] = (await send()).channels;
  expect(channel?.sent).toBe(false);
  expect(channel?.error).not.toContain('TEST-token');
});
