import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AlertSaid } from '../../domain/alert';
import { keptTexts } from '../../domain/alert-texts';
import { say } from '../../domain/said';
import type { Language } from '../../i18n/languages';
import { MINUTE } from '../../util/time';
import { alert, T0 } from '../test-doubles';
import { WebhookNotifier } from './webhook';

async function receiver(
  status = 200,
  headers: Record<string, string> = {},
  language: Language = 'en',
) {
  const requests: { url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    requests.push({ url: request.url ?? '', headers: request.headers, body });
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const notifier = new WebhookNotifier({
    url: `http://127.0.0.1:${port}/hooks/s3cret-path?x=1`,
    secret: 'shared',
    publicUrl: 'https://observatory.example',
    language,
    now: () => T0,
  });
  const message = {
    createdAt: T0,
    unconfirmed: 0,
    news: [
      {
        suppressed: 2,
        notice: { kind: 'fired' as const, at: T0 + MINUTE, alert: alert(keptTexts(SLOW)) },
      },
    ],
  };
  const send = () => notifier.send({ id: '17', message }, async () => {});
  return { requests, send };
}

const SLOW: AlertSaid = {
  title: say('alertTexts.latency', { device: 'git', latency: '118 ms' }),
  evidence: [],
};

describe('the webhook', () => {
  it('posts these bytes', async () => {
    const { requests, send } = await receiver(204);
    expect(await send()).toEqual({ state: 'sent' });
    expect(requests[0]?.url).toBe('/hooks/s3cret-path?x=1');
    expect(requests[0]?.body).toBe(
      '{"id":"17","type":"alerts","created_at":"2026-11-24T04:00:00.000Z","unconfirmed":0,' +
        '"alerts":[{"event":"fired","at":"2026-11-24T04:01:00.000Z","suppressed":2,"id":1,' +
        '"rule":"latency","topic":"latency_git","node_id":"n1","hostname":"git","state":"firing",' +
        '"severity":"warning","title":"High latency to git: 118 ms","evidence":[],' +
        '"since":"2026-11-24T04:00:00.000Z","fired_at":"2026-11-24T04:00:00.000Z",' +
        '"resolved_at":null,"link":"https://observatory.example/vpn/devices/n1"}]}',
    );
  });

  it('says what it says in the language of the channels, but not what programs go by', async () => {
    const { requests, send } = await receiver(204, {}, 'es');
    await send();
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
      type: 'alerts',
      alerts: [{ rule: 'latency', title: 'Latencia alta con git: 118 ms', state: 'firing' }],
    });
  });

  it('signs the time and the body, so that neither can be changed or replayed later', async () => {
    const { requests, send } = await receiver();
    await send();
    const { headers, body } = requests[0]!;
    expect(headers['x-observatory-timestamp']).toBe(String(T0 / 1000));
    const signed = createHmac('sha256', 'shared')
      .update(`${T0 / 1000}.${body}`)
      .digest('hex');
    expect(headers['x-observatory-signature']).toBe(`sha256=${signed}`);
  });

  it.each<[number, Record<string, string>, object]>([
    [500, {}, { state: 'retry', afterMs: null }],
    [408, {}, { state: 'retry', afterMs: null }],
    [429, { 'retry-after': '12' }, { state: 'retry', afterMs: 12_000 }],
    [429, { 'retry-after': '999999' }, { state: 'retry', afterMs: 3_600_000 }],
    [503, { 'retry-after': 'Tue, 24 Nov 2026 05:00:00 GMT' }, { state: 'retry', afterMs: null }],
    [404, {}, { state: 'failed' }],
    [301, { location: 'http://127.0.0.1:1/' }, { state: 'failed' }],
  ])('answered with %i %j is judged so', async (status, headers, expected) => {
    const { send } = await receiver(status, headers);
    const delivery = await send();
    expect(delivery).toMatchObject(expected);
    expect(JSON.stringify(delivery)).not.toContain('s3cret');
  });

  it('is refused without a URL or a secret', () => {
    const make = (url: string, secret: string) =>
      new WebhookNotifier({ url, secret, publicUrl: null, language: 'en' });
    expect(() => make('nonsense', 's')).toThrow('not a URL');
    expect(() => make('http://127.0.0.1', '')).toThrow('secret');
  });
});
