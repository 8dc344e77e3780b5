import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type {
  AlertsResponse,
  EventsResponse,
  MonitoredDevicesResponse,
  UptimeResponse,
} from '../../lib/api/health-schemas';
import type { DevicesResponse } from '../../lib/api/schemas';
import type { HealthResponse } from '../../lib/api/service-schemas';
import { type FakeTelegram, fakeTelegram } from '../fakes/telegram';
import { type RunningApp, startApp } from '../harness/app';
import { lab } from '../harness/lab';
import { end } from '../harness/process';
import { whatItKnew } from '../harness/what-it-knew';

const tailnet = lab();
let telegram: FakeTelegram;
let app: RunningApp;
const startBeside = async (socket: string) => {
  telegram = await fakeTelegram();
  app = await startApp({
    env: {
      TAILSCALE_SOCKET: socket,
      TAILSCALE_CLI: tailnet.cli,
      // An outage that were believed would be an alert well within the time that our own device is away.
      CONNECTION_INTERVAL_SECONDS: '30',
      OFFLINE_ALERT_SECONDS: '10',
      TELEGRAM_BOT_TOKEN: '123456:TEST-token',
      TELEGRAM_CHAT_ID: '1',
      TELEGRAM_API_URL: telegram.url,
    },
  });
};
test.setTimeout(300_000);
test.afterEach(async () => {
  const { status, expectedStatus } = test.info();
  if (status !== expectedStatus) console.log(await whatItKnew(app, tailnet));
  await app.stop();
  await telegram.close();
});

const get = async <T>(call: string): Promise<T> => (await fetch(`${app.url}${call}`)).json();
const monitored = async () =>
  (await get<MonitoredDevicesResponse>('/health-monitoring/critical')).nodes;
const patiently = { timeout: 120_000, intervals: [1_000] };

/** Each state that a real tailscaled can be brought into, what is said of it, and how it ends. */
const STATES = [
  {
    state: 'stopped',
    begin: () => tailnet.ts('factory', 'down'),
    reason: 'Tailscale is stopped on this device',
    remedy: 'Start it: sudo tailscale up',
    finish: () => tailnet.ts('factory', 'up'),
    kinds: ['own_device', 'own_device'],
  },
  {
    state: 'logged_out',
    begin: () => tailnet.ts('factory', 'logout'),
    reason: 'This device is logged out of Tailscale',
    remedy: 'Log in again: sudo tailscale up',
    // The lab logs it in when it starts it, as the device that it was.
    finish: async () => {
      await tailnet.stop('factory');
      await tailnet.start('factory');
    },
    // It logs in with a new key.
    kinds: ['key_renewed', 'own_device', 'own_device'],
  },
] as const;

for (const { state, begin, reason, remedy, finish, kinds } of STATES) {
  test(`while our own tailscaled is ${state}, that is the only alert, and others are unknown`, async () => {
    await startBeside(tailnet.socket);
    await app.waitHealthy();
    const measured = async () => (await monitored()).map(({ path: p }) => p);
    await expect.poll(measured, patiently).toEqual(['direct', 'direct']);
    const ownKey = async () =>
      (await get<DevicesResponse>('/analytics/devices')).devices.find(({ self }) => self)?.inventory
        ?.key;
    // The map of the tailnet, which has it, is read once a minute.
    await expect.poll(ownKey, patiently).toBeTruthy();
    const alerts = () => get<AlertsResponse>('/health-monitoring/alerts');
    await begin();
    try {
      const firing = async () => (await alerts()).open.filter((one) => one.state === 'firing');
      await expect
        .poll(async () => (await firing()).map(({ title }) => title), patiently)
        .toEqual([reason]);
      await expect.poll(() => telegram.delivered.length, patiently).toBe(1);
      // A round and an outage's limit later there is nothing new.
      await new Promise((resolve) => setTimeout(resolve, 45_000));
      expect(telegram.delivered).toHaveLength(1);
      expect(telegram.delivered[0]?.text).toContain(reason);
      expect(telegram.delivered[0]?.text).toContain(remedy);
      expect((await alerts()).open).toHaveLength(1);

      const health = await fetch(`${app.url}/healthz`);
      expect(health.status).toBe(503);
      const { problems, tailscale }: HealthResponse = await health.json();
      expect(problems).toEqual([{ part: 'own_device', message: `${reason}. ${remedy}` }]);
      expect(tailscale.own_device).toMatchObject({ state, reason, remedy });
      for (const one of await monitored()) {
        expect(one).toMatchObject({ state: 'unknown', online: null });
      }
      const { devices } = await get<DevicesResponse>('/analytics/devices');
      expect(devices).toHaveLength(3);
      for (const device of devices) if (!device.self) expect(device.online).toBeNull();
    } finally {
      await finish();
    }
    await app.waitHealthy(90_000);
    await expect.poll(measured, patiently).toEqual(['direct', 'direct']);
    await expect.poll(async () => (await alerts()).open, patiently).toEqual([]);
    const { history } = await alerts();
    expect(history.map((alert) => [alert.rule, alert.state])).toEqual([['own_device', 'resolved']]);
    const events = async () =>
      (await get<EventsResponse>('/health-monitoring/events')).events.toReversed();
    const kindsSoFar = async () => (await events()).map(({ kind }) => kind).sort();
    await expect.poll(kindsSoFar, patiently).toEqual(kinds);
    const ofOurs = (await events()).filter(({ kind }) => kind === 'own_device');
    expect(ofOurs.map(({ before, after }) => [before, after])).toEqual([
      ['ok', state],
      [state, 'ok'],
    ]);
    for (const { id } of await monitored()) {
      const { uptime, rounds } = await get<UptimeResponse>(`/health-monitoring/uptime/${id}`);
      expect([uptime, rounds.offline]).toEqual([1, 0]);
    }
    expect(telegram.delivered.length).toBeLessThanOrEqual(2);
  });
}

test('beside a tailscaled that was never logged in it says so, and offers the remedy', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'new-tailscaled-'));
  const socket = path.join(folder, 'tailscaled.sock');
  const daemon = spawn(
    path.join(path.dirname(tailnet.cli), 'tailscaled'),
    [`--statedir=${folder}`, `--socket=${socket}`, '--tun=userspace-networking', '--port=0'],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        ...{ TS_NO_LOGS_NO_SUPPORT: '1', TS_PANIC_IF_HIT_MAIN_CONTROL: '1' },
        ...{ TS_DISABLE_PORTMAPPER: '1' },
      },
    },
  );
  try {
    await startBeside(socket);
    const health = async () =>
      (await fetch(`${app.url}/healthz`)).json() as Promise<HealthResponse>;
    const own = async () => (await health()).tailscale.own_device;
    await expect.poll(async () => (await own()).state, patiently).toBe('logged_out');
    expect((await fetch(`${app.url}/healthz`)).status).toBe(503);
    expect(await own()).toMatchObject({
      reason: 'This device is logged out of Tailscale',
      remedy: 'Log in again: sudo tailscale up',
    });
    await expect.poll(() => telegram.delivered.length, patiently).toBe(1);
    expect(telegram.delivered[0]?.text).toContain('This device is logged out of Tailscale');
  } finally {
    await end(daemon, 'SIGTERM');
    await rm(folder, { recursive: true, force: true });
  }
});
