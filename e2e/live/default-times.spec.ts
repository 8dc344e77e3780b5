import { expect, test } from '@playwright/test';
import type { MonitoredDevicesResponse } from '../../lib/api/health-schemas';
import { MINUTE, SECOND } from '../../lib/util/time';
import { type FakeTelegram, fakeTelegram } from '../fakes/telegram';
import { type RunningApp, startApp } from '../harness/app';
import { lab } from '../harness/lab';
import { whatItKnew } from '../harness/what-it-knew';

/** How long it takes to be notified at the settings that nobody has changed: rounds and the offline limit are 5 min. */
const OFFLINE_AFTER_MS = 5 * MINUTE;
const tailnet = lab();
let telegram: FakeTelegram;
let app: RunningApp;
test.setTimeout(12 * MINUTE);
test.beforeAll(async () => {
  telegram = await fakeTelegram();
  app = await startApp({
    env: {
      TAILSCALE_SOCKET: tailnet.socket,
      TAILSCALE_CLI: tailnet.cli,
      TELEGRAM_BOT_TOKEN: '123456:TEST-token',
      TELEGRAM_CHAT_ID: '1',
      TELEGRAM_API_URL: telegram.url,
    },
  });
  await app.waitHealthy();
});
test.afterEach(async () => {
  const { status, expectedStatus } = test.info();
  if (status === expectedStatus) return;
  const sent = telegram.requests.map(({ time, body }) => `${new Date(time).toISOString()} ${body}`);
  console.log([await whatItKnew(app, tailnet), 'messages:', ...sent].join('\n'));
});
test.afterAll(async () => {
  await tailnet.freeze('dev', false);
  await tailnet.relay('git', false);
  await app.stop();
  await telegram.close();
});

/** Returns how long after `since` the first message came whose text matches. */
async function notified(text: RegExp, since: number, withinMs: number): Promise<number> {
  const message = () => telegram.requests.find(({ body }) => text.test(body));
  const options = { message: `${text}`, timeout: withinMs, intervals: [SECOND] };
  await expect.poll(message, options).toBeDefined();
  return (message()?.time ?? 0) - since;
}

const inSeconds = (ms: number) => `${Math.round(ms / SECOND)} s`;

test('at default settings a forced relay is notified within 90 s, a silent device within its limit and 30 s', async () => {
  const paths = async () => {
    const response = await fetch(`${app.url}/health-monitoring/critical`);
    const { nodes }: MonitoredDevicesResponse = await response.json();
    return nodes.map(({ hostname, path }) => `${hostname} ${path}`).sort();
  };
  // After a restart by another test a device may stay relayed until there is more traffic.
  await tailnet.ts('factory', 'ping', '--c', '30', tailnet.addresses.git);
  await tailnet.ts('factory', 'ping', '--c', '30', tailnet.addresses.dev);
  await expect
    .poll(paths, { timeout: 2 * MINUTE, intervals: [SECOND] })
    .toEqual(['chocolate-factory-dev direct', 'git direct']);

  const frozen = Date.now();
  await tailnet.freeze('dev', true);
  const forced = Date.now();
  await tailnet.relay('git', true);
  const relayed = await notified(/git is relayed/, forced, 3 * MINUTE);
  console.log(`a forced relay was notified after ${inSeconds(relayed)}`);
  const silent = await notified(
    /chocolate-factory-dev is offline/,
    frozen,
    OFFLINE_AFTER_MS + 3 * MINUTE,
  );
  console.log(`a silent device was notified after ${inSeconds(silent)}`);

  const thawed = Date.now();
  await tailnet.freeze('dev', false);
  const recovered = await notified(/chocolate-factory-dev is back online/, thawed, 3 * MINUTE);
  console.log(`its recovery was notified after ${inSeconds(recovered)}`);

  expect(relayed).toBeLessThanOrEqual(90 * SECOND);
  expect(silent).toBeGreaterThanOrEqual(OFFLINE_AFTER_MS);
  expect(silent).toBeLessThanOrEqual(OFFLINE_AFTER_MS + 30 * SECOND);
  expect(recovered).toBeLessThanOrEqual(60 * SECOND);
  const messages = telegram.delivered.filter(({ text }) =>
    /is relayed|is offline|is back online/.test(text),
  );
  expect(messages).toHaveLength(3);
});
