import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticFiles } from './static-files';

const SCRIPT = `console.log('${'a build '.repeat(500)}');`;

describe('the files of a build', () => {
  let folder: string;
  let server: Server;
  let port: number;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'static-files-'));
    const chunks = path.join(folder, 'static/chunks');
    await mkdir(chunks, { recursive: true });
    await writeFile(path.join(chunks, 'a.js'), SCRIPT);
    await writeFile(path.join(chunks, 'a.js.gz'), gzipSync(SCRIPT));
    await writeFile(path.join(folder, 'secret.js'), 'secret');
    const listener = staticFiles(path.join(folder, 'static'), (asked, response) =>
      response.end(`passed on: ${asked.method} ${asked.url}`),
    );
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function ask(
    asked: string,
    { method = 'GET', sent = {} }: { method?: string; sent?: Record<string, string> } = {},
  ) {
    // `request` sends the path as it is; `fetch` would clean it first.
    const outgoing = request({ host: '127.0.0.1', port, path: asked, method, headers: sent }).end();
    const [answer]: IncomingMessage[] = await once(outgoing, 'response');
    if (!answer) throw new Error('no answer');
    return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
  }

  it('are packed for browsers that take it, and never asked for again', async () => {
    const { headers, body } = await ask('/_next/static/chunks/a.js', {
      sent: { 'Accept-Encoding': 'br, gzip' },
    });
    expect(headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
    expect(gunzipSync(body).toString()).toBe(SCRIPT);
  });

  it('are whole for all others, and answer HEAD with their length', async () => {
    const { headers, body } = await ask('/_next/static/chunks/a.js?v=1');
    expect(headers['content-encoding']).toBeUndefined();
    expect(body.toString()).toBe(SCRIPT);
    const { headers: alone, body: nothing } = await ask('/_next/static/chunks/a.js', {
      method: 'HEAD',
    });
    expect(alone['content-length']).toBe(String(SCRIPT.length));
    expect(nothing).toHaveLength(0);
  });

  it.each(['bytes=0-3', 'bytes=-4', 'bytes=5-2', 'bytes=99999-', 'a-b'])(
    'are whole whatever range is asked for: %s',
    async (range) => {
      const { status, body } = await ask('/_next/static/chunks/a.js', { sent: { Range: range } });
      expect(status).toBe(200);
      expect(body.toString()).toBe(SCRIPT);
    },
  );

  it('that are found and cannot be sent are no other answer with their headers', async () => {
    const sent = { 'If-Match': '"of another build"' };
    await expect(ask('/_next/static/chunks/a.js', { sent })).rejects.toThrow('socket hang up');
  });

  it('that vanish under a running service end an answer, and nothing else', async () => {
    const file = path.join(folder, 'static/chunks/b.js');
    await writeFile(file, SCRIPT);
    expect((await ask('/_next/static/chunks/b.js')).status).toBe(200);
    await rm(file);
    expect((await ask('/_next/static/chunks/b.js')).body.toString()).toMatch(/^passed on/);
  });

  it.each([
    ['GET', '/vpn'],
    ['GET', '/secret.js'],
    ['GET', '/_next/static/chunks/none.js'],
    ['GET', '/_next/static/../secret.js'],
    ['GET', '/_next/static/../../secret.js'],
    ['GET', '/_next/static/%2e%2e/secret.js'],
    ['GET', '/_next/static/..%2fsecret.js'],
    ['GET', '/_next/static/%ff'],
    ['POST', '/_next/static/chunks/a.js'],
  ])('pass on %s %s', async (method, asked) => {
    const { body } = await ask(asked, { method });
    expect(body.toString()).toBe(`passed on: ${method} ${asked}`);
  });
});
