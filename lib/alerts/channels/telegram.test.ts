import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FakeTelegramOptions, fakeTelegram } from '../../../e2e/fakes/telegram';
import type { Message } from '../../domain/notice';
import { say } from '../../domain/said';
import { UTC } from '../../domain/time-zone';
import type { MessageKey } from '../../i18n/messages';
import { openSqliteStores } from '../../store/sqlite/stores';
import { MINUTE } from '../../util/time';
import { Outbox } from '../outbox';
import { alert, T0, testStore } from '../test-doubles';
import { TelegramNotifier, type TelegramOptions } from './telegram';

const offline: Message = {
  createdAt: T0 + 5 * MINUTE,
  unconfirmed: 0,
  news: [
    {
      suppressed: 0,
      notice: {
        kind: 'fired',
        at: T0 + 5 * MINUTE,
        alert: alert({
          title: 'git <prod> & co is offline',
          severity: 'critical',
          evidence: [{ label: 'Pings', value: 'none of 5 answered' }],
        }),
      },
    },
  ],
};
/** The exact request body for it. */
const BYTES =
  '{"chat_id":"42","text":"🔴 <b>git &lt;prod&gt; &amp; co is offline</b>\\n' +
  'Pings: none of 5 answered\\nSince: 2026-11-24 04:00:00 UTC (5\u00a0min)\\n' +
  '<a href=\\"https://observatory.example/vpn/devices/n1\\">Open git</a>",' +
  '"parse_mode":"HTML","link_preview_options":{"is_disabled":true}}';

async function start(options: FakeTelegramOptions = {}, more: Partial<TelegramOptions> = {}) {
  const telegram = await fakeTelegram(options);
  onTestFinished(telegram.close);
  const notifier = notifierTo(telegram.url, { token: telegram.token, ...more });
  const send = (message = offline, before = async () => {}) =>
    notifier.send({ id: '1', message }, before);
  return { telegram, notifier, send };
}

const notifierTo = (apiUrl: string, more: Partial<TelegramOptions> = {}) =>
  new TelegramNotifier({
    token: '123456:TEST-token',
    chatId: '42',
    apiUrl,
    publicUrl: 'https://observatory.example',
    zone: UTC,
    language: 'en',
    ...more,
  });

describe('a message to Telegram', () => {
  it('is these bytes, to this address', async () => {
    const { telegram, send } = await start();
    expect(await send()).toEqual({ state: 'sent' });
    expect(telegram.requests).toMatchObject([
      {
        method: 'POST',
        url: '/bot123456:TEST-token/sendMessage',
        body: BYTES,
        headers: {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(BYTES)),
        },
      },
    ]);
  });

  it('goes below the path of a Bot API of one’s own', async () => {
    const { telegram } = await start();
    await notifierTo(`${telegram.url}/bots/`).send({ id: '1', message: offline }, async () => {});
    expect(telegram.requests[0]?.url).toBe('/bots/bot123456:TEST-token/sendMessage');
  });

  it('is marked before its first byte and only with a connection; unmarked, nothing is written', async () => {
    const { telegram, send } = await start();
    const seen: number[] = [];
    await send(offline, async () => void seen.push(telegram.requests.length));
    expect(seen).toEqual([0]);
    const full = async () => Promise.reject(new Error('the disk is full'));
    await expect(send(offline, full)).rejects.toThrow('disk is full');
    expect(telegram.requests).toHaveLength(1);
    await telegram.close();
    await send(offline, async () => void seen.push(-1));
    expect(seen).toEqual([0]);
  });

  it('waits as long as a 429 says', async () => {
    const { telegram, send } = await start();
    telegram.next({ kind: 'too_many', retryAfter: 7 });
    expect(await send()).toEqual({
      state: 'retry',
      error: {
        ...say('channelFaults.answeredWhy', {
          ...{ service: 'Telegram', status: '429', reason: 'Too Many Requests: retry after 7' },
        }),
        text: 'Telegram answered 429: Too Many Requests: retry after 7',
      },
      afterMs: 7_000,
    });
  });

  it.each([
    [500, '{"ok":false,"error_code":500,"description":"Internal"}', 'retry'],
    [502, '<html>Bad Gateway</html>', 'retry'],
    [200, '<html>Sign in to this WiFi</html>', 'retry'],
    [200, '{"ok":false}', 'retry'],
    [400, '{"ok":false,"description":"Bad Request: chat not found"}', 'failed'],
    [403, '{"ok":false,"description":"Forbidden: bot was blocked"}', 'failed'],
    [302, '', 'failed'],
  ])('answered with %i %s is to %s', async (status, body, state) => {
    const { telegram, send } = await start();
    telegram.next({ kind: 'answer', status, body });
    expect((await send()).state).toBe(state);
  });

  it('is tried again after a reset, a silence, and when nobody listens', async () => {
    const { telegram, send } = await start({}, { timeoutMs: 100 });
    telegram.next({ kind: 'reset' }, { kind: 'hang' });
    const { host } = new URL(telegram.url);
    const retry = (key: MessageKey, values = {}) => ({
      state: 'retry',
      error: say(key, { host, ...values }),
      afterMs: null,
    });
    const reset = retry('channelFaults.reset');
    const silent = retry('channelFaults.silent', { seconds: '0.1' });
    const refused = retry('channelFaults.refused');
    expect(await send()).toEqual(reset);
    expect(await send()).toEqual(silent);
    await telegram.close();
    expect(await send()).toEqual(refused);
    expect([reset, silent, refused].map(({ error }) => error.text)).toEqual([
      `${host}: the connection was reset`,
      `${host}: no answer within 0.1 s`,
      `${host}: nobody listens there`,
    ]);
  });

  it('takes no endless answer', async () => {
    const server = createServer((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const notifier = notifierTo(`http://127.0.0.1:${port}`);
    const delivery = await notifier.send({ id: '1', message: offline }, async () => {});
    const error = { text: expect.stringContaining('64 KiB') };
    expect(delivery).toMatchObject({ state: 'retry', error });
  });

  it('says where a group has moved to', async () => {
    const { telegram, send } = await start();
    const parameters = { migrate_to_chat_id: -1001234567890 };
    const body = JSON.stringify({ ok: false, description: 'Bad Request: upgraded', parameters });
    telegram.next({ kind: 'answer', status: 400, body });
    expect(await send()).toMatchObject({
      error: { text: expect.stringContaining('-1001234567890') },
    });
  });

  it('never shows the token, whatever goes wrong', async () => {
    const token = '987654:very-secret_TOKEN';
    const { telegram, send } = await start({}, { token, timeoutMs: 100 });
    const echo = JSON.stringify({
      ok: false,
      description: `no such path /bot${token}/sendMessage`,
    });
    telegram.next(
      { kind: 'answer', status: 404, body: echo },
      { kind: 'answer', status: 500, body: echo },
      { kind: 'answer', status: 500, body: token },
      { kind: 'reset' },
      { kind: 'hang' },
    );
    const said: unknown[] = [];
    for (let i = 0; i < 6; i++) said.push(await send());
    await telegram.close();
    said.push(await send());
    const elsewhere = notifierTo('http://nowhere.invalid', { token });
    said.push(await elsewhere.send({ id: '1', message: offline }, async () => {}));
    for (const bad of [{ token: `${token}/../x` }, { token, chatId: 'no chat' }]) {
      try {
        notifierTo('http://127.0.0.1', bad);
      } catch (error) {
        said.push(String(error));
      }
    }
    expect(said).toHaveLength(10);
    expect(JSON.stringify(said)).not.toContain('very-secret');
  });

  it('leaves a second to a person and three to a group, as Telegram wants', () => {
    const gap = (chatId: string) => notifierTo('http://127.0.0.1', { chatId }).minGapMs;
    expect([gap('42'), gap('-10042'), gap('@channel')]).toEqual([1_000, 3_000, 3_000]);
  });
});

describe('with the queue on disk', () => {
  it('a 429 and a restart in between deliver each alert once', async () => {
    const { store, file } = await testStore();
    const { telegram, notifier } = await start();
    const [news] = offline.news;
    await store.alerts.saveEvaluation({
      changed: [],
      vanished: [],
      channels: ['telegram'],
      notified: [],
      notices: news ? [news.notice] : [],
    });
    let clock = T0 + 5 * MINUTE;
    const now = () => clock;
    telegram.next({ kind: 'too_many', retryAfter: 30 }, { kind: 'answer', status: 500, body: '' });
    await new Outbox({ store, notifier, now }).run();
    expect(telegram.delivered).toEqual([]);

    const reopened = await openSqliteStores(file);
    onTestFinished(() => reopened.close());
    const restarted = new Outbox({ store: reopened, notifier, now, random: () => 1 });
    for (; clock < T0 + 7 * MINUTE; clock += 1_000) await restarted.run();
    // The 429 asked for 30 s, the 500 was the second failure: 4 s.
    expect(telegram.requests.map(({ body }) => body)).toEqual([BYTES, BYTES, BYTES]);
    expect(telegram.delivered).toHaveLength(1);

    const again = new Outbox({ store: reopened, notifier, now });
    for (let i = 0; i < 5; i++, clock += 1_000) await again.run();
    expect(telegram.requests).toHaveLength(3);
  });
});
