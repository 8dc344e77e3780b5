import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { actions } from '../api/actions';
import { routes } from '../api/routes';
import { type Admitted, asCaller } from '../identity/current';
import { provideServices, type Services } from '../services';
import { serveCall } from './serve-calls';

let server: Server;
let role: Admitted['role'];
beforeEach(async () => {
  role = 'viewer';
  provideServices({ forCollector: (): never => fail() } as unknown as Services);
  server = createServer((asked, response) => {
    const admitted: Admitted = { caller: { kind: 'operator' }, role, response };
    asCaller(admitted, () => serveCall(asked, response) || response.end('Next'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => void server.close().closeAllConnections());

/** Services that nothing can be had from. */
function fail(): never {
  throw new Error('x'.repeat(2_000));
}

async function ask(path: string, method = 'GET', headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, path, method, headers });
  sent.end(method === 'POST' ? '{' : undefined);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const body = await buffer(answer);
  return { status: answer.statusCode, headers: answer.headers, body };
}

it('answers every question and every change, and leaves all else to Next', async () => {
  const filled = (path: string) => path.replace(/\{\w+\}/g, '12');
  for (const path of Object.keys(routes)) {
    expect((await ask(filled(path))).body.toString(), path).toMatch(/^\{/);
    expect((await ask(filled(path), 'HEAD')).headers['content-length'], path).toBeDefined();
  }
  for (const { path, method } of Object.values(actions)) {
    expect((await ask(filled(path), method)).status, path).toBe(403);
    expect((await ask(filled(path), 'GET')).body.toString()).toMatch(/^(\{|Next$)/);
  }
  for (const path of [
    '/vpn',
    '/analytics',
    '/analytics/devices/',
    '/analytics/devicesx',
    '/x/healthz',
  ])
    expect((await ask(path)).body.toString(), path).toBe('Next');
  expect((await ask('/analytics/devices', 'POST')).body.toString()).toBe('Next');
});

it('understands an id with and without its collector', async () => {
  role = 'admin';
  for (const id of ['12', 'east/12', 'east/12x', 'a b']) {
    const { status } = await ask(`/health-monitoring/mutes/${encodeURI(id)}`, 'DELETE');
    expect(status, id).toBe(/12$/.test(id) ? 500 : 400);
  }
});

it('packs a long answer for those who take it, and for nobody else', async () => {
  const long = `/me.json?${'x'.repeat(2_000)}=1`;
  const plain = await ask(long);
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(plain.body.length).toBeGreaterThan(1_024);
  for (const takes of ['gzip', 'deflate, gzip, br', 'br;q=1, GZIP ; q=0.5']) {
    const { headers, body } = await ask(long, 'GET', { 'accept-encoding': takes });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(gunzipSync(body)).toEqual(plain.body);
  }
  for (const takes of ['identity', 'gzip;q=0', 'x-gzipped']) {
    expect((await ask(long, 'GET', { 'accept-encoding': takes })).body, takes).toEqual(plain.body);
  }
});
