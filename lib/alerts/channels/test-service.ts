import { createServer, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Message } from '../../domain/notice';
import { UTC } from '../../domain/time-zone';
import { MINUTE } from '../../util/time';
import type { Notifier } from '../notifier';
import { alert, T0 } from '../test-doubles';
import type { Common } from './http-channel';

/** A request as it came. */
type Received = {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: unknown;
};
type Answer = { status: number; headers?: Record<string, string>; body?: string };

/** Starts an HTTP server on loopback that keeps every request, and gives the answers one after the other, else 200. */
export async function service(...answers: Answer[]) {
  const requests: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
    const { status, headers: more, body } = answers.shift() ?? { status: 200 };
    response.writeHead(status, more).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, requests };
}

export const COMMON: Common = {
  publicUrl: 'https://observatory.example',
  zone: UTC,
  language: 'en',
  timeoutMs: 2_000,
};

/** git is offline. */
export const OFFLINE: Message = about({
  title: 'git is offline',
  severity: 'critical',
  evidence: [{ label: 'Pings', value: 'none of 5 answered' }],
});

export function about(more: Parameters<typeof alert>[0]): Message {
  const at = T0 + 5 * MINUTE;
  const notice = { kind: 'fired' as const, at, alert: alert({ rule: 'offline', ...more }) };
  return { createdAt: at, unconfirmed: 0, news: [{ suppressed: 0, notice }] };
}

/** A day with little in it. */
export const DIGEST: Message = {
  ...{ createdAt: T0, news: [], unconfirmed: 0 },
  digest: {
    ...{ from: T0 - 24 * 60 * MINUTE, to: T0, services: [], changes: [] },
    accesses: { count: 7, before: 0, people: 1, errors: 0 },
    traffic: { rxBytes: 0, txBytes: 0, devices: [] },
    availability: [{ name: 'nas', share: 0.99, downMs: 14 * MINUTE }],
    alerts: { fired: 0, firing: 0 },
  },
};

/** A device calls itself this, to be read by everyone and to lead elsewhere. */
export const HOSTILE =
  '@everyone <!channel> <@U1> <b>&amp; [x](https://evil.example) **y** `z` https://evil.example';

/** Several times more than fits. */
export const LONG: Message = {
  ...OFFLINE,
  news: Array.from({ length: 200 }, (_, i) => ({
    suppressed: 1,
    notice: {
      kind: 'fired' as const,
      at: T0,
      alert: alert({ topic: `t${i}`, title: `${HOSTILE} 😀 ${i}`.repeat(5) }),
    },
  })),
};

export const sendBy = (notifier: Notifier, message = OFFLINE, id = '17') =>
  notifier.send({ id, message }, async () => {});
