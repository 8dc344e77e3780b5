import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { bundle } from '../../e2e/fakes/bundle';
import { fakeTelegram } from '../../e2e/fakes/telegram';
import type { Stores } from '../store/ports/stores';
import { alert, seeded, T0, testStore } from './test-doubles';

/** The real outbox in its own process, sending many times a second until it is killed. */
const PROGRAM = `
import { Outbox } from './lib/alerts/outbox';
import { TelegramNotifier } from './lib/alerts/channels/telegram';
import { openSqliteStores } from './lib/store/sqlite/stores';
const [file, apiUrl, token] = process.argv.slice(2);
const store = await openSqliteStores(file);
const telegram = new TelegramNotifier({ token, chatId: '42', apiUrl, publicUrl: null });
const notifier = { name: 'telegram', minGapMs: 0, send: telegram.send.bind(telegram) };
const outbox = new Outbox({ store, notifier });
for (;;) {
  await outbox.run();
  await new Promise((resolve) => setTimeout(resolve, 1));
}
`;

let program: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  program = await bundle('outbox-kill', { contents: PROGRAM });
});
afterAll(() => program.remove());

let number = 0;
const wait = (store: Stores) => {
  const one = alert({ topic: `t${++number}`, title: `alert ${number}.` });
  const notices = [{ kind: 'fired' as const, at: T0, alert: one }];
  return store.alerts.saveEvaluation({
    changed: [],
    vanished: [],
    channels: ['telegram'],
    notified: [],
    notices,
  });
};

async function start(file: string, url: string, token: string) {
  const child = spawn(process.execPath, [program.file, file, url, token], { stdio: 'ignore' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return { kill };
}

const until = async (done: () => boolean) => {
  for (let i = 0; i < 1_000 && !done(); i++) await sleep(10);
  expect(done()).toBe(true);
};

it('killed after Telegram has it and before the answer, does not send it again', async () => {
  const { store, file } = await testStore();
  const telegram = await fakeTelegram();
  onTestFinished(telegram.close);
  telegram.next({ kind: 'hang' });
  await wait(store);
  const first = await start(file, telegram.url, telegram.token);
  await until(() => telegram.delivered.length === 1);
  await first.kill();
  const second = await start(file, telegram.url, telegram.token);
  await sleep(700);
  expect(telegram.requests).toHaveLength(1);
  await wait(store);
  await until(() => telegram.delivered.length === 2);
  expect(telegram.delivered[1]?.text).toContain('1\u00a0earlier message may not have arrived');
  await second.kill();
});

it('killed at any instant, delivers no alert twice, and loses none without saying so', async () => {
  const { store, file } = await testStore();
  const telegram = await fakeTelegram();
  onTestFinished(telegram.close);
  const random = seeded(11);
  for (let kill = 0; kill < 8; kill++) {
    for (let i = 0; i < 3; i++) await wait(store);
    if (kill % 3 === 0) telegram.next({ kind: 'too_many', retryAfter: 0 });
    if (kill % 3 === 1) telegram.next({ kind: 'answer', status: 500, body: '' });
    const before = telegram.requests.length;
    const child = await start(file, telegram.url, telegram.token);
    await until(() => telegram.requests.length > before);
    await sleep(random() * 15);
    await child.kill();
  }
  const last = await start(file, telegram.url, telegram.token);
  for (let quiet = 0, seen = 0; quiet < 60; quiet++, await sleep(50)) {
    const { waiting } = await store.channels.channelState('telegram', Date.now());
    if (waiting > 0 || telegram.requests.length !== seen) quiet = 0;
    seen = telegram.requests.length;
  }
  await last.kill();
  const all = telegram.delivered.map(({ text }) => text).join('\n');
  const times = (n: number) => all.split(`alert ${n}.`).length - 1;
  const numbers = Array.from({ length: 24 }, (_, i) => number - 23 + i);
  expect(numbers.filter((n) => times(n) > 1)).toEqual([]);
  // When it is killed in the millisecond after Telegram refused a message, the only report is that this one is
  // unconfirmed.
  const missing = numbers.filter((n) => times(n) === 0);
  const said =
    all.includes('may not have arrived') || (await store.notices.unconfirmed('telegram')) > 0;
  expect(missing.length === 0 || said).toBe(true);
}, 60_000);
