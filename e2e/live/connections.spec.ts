import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type {
  AlertsResponse,
  ConnectionStatsResponse,
  EventsResponse,
  MonitoredDevicesResponse,
} from '../../lib/api/health-schemas';
import { type FakeTelegram, fakeTelegram } from '../fakes/telegram';
import { type RunningApp, startApp } from '../harness/app';
import { lab } from '../harness/lab';

const tailnet = lab();
let telegram: FakeTelegram;
let dataDir: string;
let app: RunningApp;
const start = () =>
  startApp({
    dataDir,
    env: {
      TAILSCALE_SOCKET: tailnet.socket,
      TAILSCALE_CLI: tailnet.cli,
      CONNECTION_INTERVAL_SECONDS: '30',
      OFFLINE_ALERT_SECONDS: '10',
      PUBLIC_URL: 'https://observatory.tail.test',
      TELEGRAM_BOT_TOKEN: '123456:TEST-token',
      TELEGRAM_CHAT_ID: '-100200300',
      TELEGRAM_API_URL: telegram.url,
    },
  });
test.describe.configure({ mode: 'serial' });
test.setTimeout(300_000);
test.beforeAll(async () => {
  telegram = await fakeTelegram();
  dataDir = await mkdtemp(path.join(tmpdir(), 'observatory-live-'));
  app = await start();
  await app.waitHealthy();
});
test.afterAll(async () => {
  await tailnet.relay('git', false);
  await app.stop();
  await telegram.close();
  await rm(dataDir, { recursive: true, force: true });
});

const get = async <T>(call: string): Promise<T> =>
  (await fetch(`${app.url}/health-monitoring/${call}`)).json();
const pathOf = async (name: string) =>
  (await get<MonitoredDevicesResponse>('nodes')).nodes.find((node) => node.hostname === name)?.path;
const firing = async () =>
  (await get<AlertsResponse>('alerts')).open
    .filter((alert) => alert.state === 'firing')
    .map((alert) => `${alert.rule} ${alert.hostname}`);
const sent = () => telegram.delivered.map((message) => message.text);
const patiently = { timeout: 120_000, intervals: [1_000] };

test('pings agree with tailscale ping run by hand', async () => {
  const ours = await get<ConnectionStatsResponse>('connection-stats/git');
  const theirs = await tailnet.ts('factory', 'ping', '--c', '1', tailnet.addresses.git);
  expect(theirs).toContain(`via ${ours.connection_stats.endpoint} in`);
  expect(ours.connection_stats.connection_type).toBe('direct');
  expect(ours.ping_stats).toMatchObject({ count: 5, sent: 5, loss: 0 });
  expect(ours.ping_stats.avg).toBeLessThan(100);
});

test('an idle peer never reads as relayed', async () => {
  await expect.poll(() => pathOf('git'), patiently).toBe('direct');
  const events = await get<EventsResponse>('events?kind=path_changed');
  expect(events.events).toEqual([]);
});

test('a device forced to the relay raises one alert, notified once, and returning clears it', async () => {
  await tailnet.relay('git', true);
  await expect.poll(firing, patiently).toEqual(['relayed git']);
  await expect.poll(() => pathOf('git'), patiently).toBe('relay');
  await expect.poll(() => sent().length, patiently).toBe(1);
  expect(sent()[0]).toContain('git');
  expect(sent()[0]).toContain('DERP fra');
  expect(sent()[0]).toContain('https://observatory.tail.test/vpn/devices/');
  const events = await get<EventsResponse>('events?kind=path_changed');
  expect(events.events.map(({ before, after }) => [before, after])).toEqual([['direct', 'relay']]);
  await tailnet.relay('git', false);
  await expect.poll(firing, patiently).toEqual([]);
  const { history } = await get<AlertsResponse>('alerts');
  expect(history.map((alert) => [alert.rule, alert.state])).toEqual([['relayed', 'resolved']]);
});

test('a stopped device goes offline and alerts, through a restart once, and recovers', async () => {
  await tailnet.stop('dev');
  try {
    await expect.poll(() => pathOf('chocolate-factory-dev'), patiently).toBe('offline');
    await expect.poll(firing, patiently).toEqual(['offline chocolate-factory-dev']);
    const about = () => sent().filter((text) => text.includes('chocolate-factory-dev'));
    await expect.poll(() => about().length, patiently).toBe(1);
    await app.stop();
    app = await start();
    expect(await firing()).toEqual(['offline chocolate-factory-dev']);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(about()).toHaveLength(1);
  } finally {
    await tailnet.start('dev');
  }
  await expect.poll(firing, patiently).toEqual([]);
  await expect.poll(() => pathOf('chocolate-factory-dev'), patiently).toBe('direct');
  const kinds = async () => {
    const { events } = await get<EventsResponse>('events?node=chocolate-factory-dev');
    return events.map((event) => event.kind);
  };
  await expect.poll(kinds, patiently).toEqual(['node_online', 'node_offline']);
});
