import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Server, ServerOptions } from 'node:http';
import net, { type AddressInfo, BlockList } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Gate } from '../identity/gate';
import { Identifier } from '../identity/identifier';
import { Tokens } from '../identity/tokens';
import { TailscaleError } from '../tailscale/tailscale';
import { createGatedServer, opening } from './gated-server';

const TOKEN = 'obs_looker_0123456789abcdefghij';
const sha256 = createHash('sha256').update(TOKEN).digest('hex');

/** Returns a gate that admits only callers with the token, even on this machine. */
function strictGate(): Gate {
  const tailscale = {
    source: 'none' as const,
    location: 'nowhere',
    whois: () => Promise.reject(new TailscaleError('unreachable', 'no tailscaled')),
  };
  const tokens = new Tokens('/nonexistent', [{ name: 'looker', scope: 'read', sha256 }]);
  const policy = { admins: [], viewers: [] };
  const settings = {
    ...{ auth: 'strict' as const, trustedProxies: new BlockList() },
    ...{ policy, replicaToken: null },
  };
  const identifier = new Identifier(settings, tailscale, () => null, tokens);
  const access = { policy, allowedHosts: [] };
  return new Gate(access, identifier, () => null);
}

const open: Server[] = [];
let served: string[];
beforeEach(() => {
  served = [];
});
afterEach(() => {
  for (const server of open.splice(0)) server.close().closeAllConnections();
});

async function start(
  options?: ServerOptions,
  gate: typeof opening.gate = Promise.resolve(strictGate()),
) {
  const server = createGatedServer(
    async (request, response) => {
      served.push(`${request.method} ${request.url}`);
      await text(request).catch(() => {});
      response.end('served');
    },
    options,
    gate,
  );
  open.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    /** Returns a connection, everything received on it, and when the server has closed it. */
    connect() {
      const socket = net.connect(port, '127.0.0.1').setEncoding('latin1');
      let heard = '';
      socket.on('data', (data) => {
        heard += data;
      });
      socket.on('error', () => {});
      const closed = once(socket, 'close').then(() => heard);
      return { socket, heard: () => heard, closed };
    },
  };
}

const requestOf = (line: string, headers: Record<string, string> = {}) =>
  [line, ...Object.entries({ Host: 'localhost', ...headers }).map(([k, v]) => `${k}: ${v}`)].join(
    '\r\n',
  );
const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
};
const WITH_ACCESS = { Authorization: `Bearer ${TOKEN}` };
const answers = (heard: string) => heard.match(/HTTP\/1\.1 \d{3}/g) ?? [];

describe('a request to upgrade', () => {
  /**
   * Sends an upgrade request, and what a client that believes itself upgraded sends next; resolves once the server
   * closes.
   */
  async function upgrade(line: string, headers: Record<string, string> = {}): Promise<string> {
    const { socket, closed } = (await start()).connect();
    socket.write(
      `${requestOf(line, { ...UPGRADE, ...headers })}\r\n\r\n${requestOf('GET /next HTTP/1.1')}\r\n\r\n`,
    );
    return closed;
  }

  it('without access is refused, and its connection closed', async () => {
    for (const protocol of ['websocket', 'h2c', 'TLS/1.0', '']) {
      const heard = await upgrade('GET /vpn HTTP/1.1', { Upgrade: protocol });
      expect(answers(heard), protocol).toEqual(['HTTP/1.1 403']);
      expect(heard).toContain('Connection: close');
    }
    expect(served).toEqual([]);
  });

  it.each([
    ['//vpn', 400],
    ['/./vpn', 400],
    ['/x/../vpn', 400],
    ['/%2e%2e/vpn', 400],
    ['/vpn%2f', 400],
    ['/health-monitoring/uptime/%ff', 400],
    ['/vpn/100%', 400],
    ['/\\vpn', 400],
    ['*', 400],
    ['http://localhost/vpn', 400],
    ['ws://localhost/vpn', 400],
    ['/_next/hmr', 403],
    ['/_next/webpack-hmr?page=/vpn', 403],
  ])('of the path %s is refused', async (path, status) => {
    expect(answers(await upgrade(`GET ${path} HTTP/1.1`))).toEqual([`HTTP/1.1 ${status}`]);
    expect(served).toEqual([]);
  });

  it('under a name that is not ours, from another site or by another method is refused', async () => {
    const host = { ...WITH_ACCESS, Host: 'evil.example' };
    expect(answers(await upgrade('GET /vpn HTTP/1.1', host))).toEqual(['HTTP/1.1 421']);
    expect(answers(await upgrade('PUT /vpn HTTP/1.1', WITH_ACCESS))).toEqual(['HTTP/1.1 405']);
    const site = { ...WITH_ACCESS, Origin: 'https://evil.example' };
    expect(answers(await upgrade('POST /vpn HTTP/1.1', site))).toEqual(['HTTP/1.1 403']);
    expect(served).toEqual([]);
  });

  it('that is no HTTP, or a tunnel, reaches nothing', async () => {
    expect(answers(await upgrade('GET /v\u0000pn HTTP/1.1'))).toEqual(['HTTP/1.1 400']);
    expect(answers(await upgrade('GET /vpn HTTP/9.9'))).toEqual(['HTTP/1.1 400']);
    expect(answers(await upgrade('CONNECT localhost:1 HTTP/1.1', WITH_ACCESS))).toEqual([]);
    expect(served).toEqual([]);
  });

  it('with access is answered as if it had not asked for that', async () => {
    const { socket, heard } = (await start()).connect();
    socket.write(`${requestOf('GET /vpn HTTP/1.1', { ...UPGRADE, ...WITH_ACCESS })}\r\n\r\n`);
    await expect.poll(heard).toContain('served');
    expect(answers(heard())).toEqual(['HTTP/1.1 200']);
    // The connection still speaks HTTP: the next request is authenticated again.
    socket.write(`${requestOf('GET /next HTTP/1.1')}\r\n\r\n`);
    await expect.poll(() => answers(heard())).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403']);
    expect(served).toEqual(['GET /vpn']);
  });
});

describe('before there is a gate', () => {
  it('requests wait for it, upgrades among them, and are then judged as any other', async () => {
    const server = await start({}, opening.gate);
    const [admitted, refused, upgrade] = [server.connect(), server.connect(), server.connect()];
    admitted.socket.write(`${requestOf('GET /vpn HTTP/1.1', WITH_ACCESS)}\r\n\r\n`);
    refused.socket.write(`${requestOf('GET /vpn HTTP/1.1')}\r\n\r\n`);
    upgrade.socket.write(`${requestOf('GET /vpn HTTP/1.1', UPGRADE)}\r\n\r\n`);
    await sleep(200);
    expect([admitted, refused, upgrade].map(({ heard }) => heard())).toEqual(['', '', '']);
    opening.open(strictGate());
    await expect.poll(admitted.heard).toContain('served');
    expect(answers(await refused.closed)).toEqual(['HTTP/1.1 403']);
    expect(answers(await upgrade.closed)).toEqual(['HTTP/1.1 403']);
    expect(served).toEqual(['GET /vpn']);
  });
});

describe('a sender that does not finish', () => {
  const BRIEF = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 };

  /** Writes one byte per 20 ms while the connection is open; resolves to the response, and the time it took. */
  async function trickle(server: Awaited<ReturnType<typeof start>>, bytes: Iterable<string>) {
    const { socket, closed } = server.connect();
    const started = performance.now();
    let over = false;
    const ended = closed.finally(() => {
      over = true;
    });
    for (const byte of bytes) {
      if (over) break;
      socket.write(byte);
      await sleep(20);
    }
    return { heard: await ended, ms: performance.now() - started };
  }
  function* endless(beginning: string): Iterable<string> {
    yield beginning;
    for (;;) yield 'x';
  }

  it.each([
    ['headers', `${requestOf('GET /vpn HTTP/1.1', WITH_ACCESS)}\r\nX-Slow: `],
    ['an upgrade', `${requestOf('GET /vpn HTTP/1.1', { ...UPGRADE, ...WITH_ACCESS })}\r\nX-Slow: `],
    ['the request line', 'GET /'],
  ])('%s is cut off with 408, and holds up nobody', async (_, beginning) => {
    const server = await start(BRIEF);
    const slow = Array.from({ length: 50 }, () => trickle(server, endless(beginning)));
    const { socket, heard } = server.connect();
    socket.write(`${requestOf('GET /quick HTTP/1.1', WITH_ACCESS)}\r\n\r\n`);
    await expect.poll(heard).toContain('served');
    for (const { heard, ms } of await Promise.all(slow)) {
      expect(answers(heard)).toEqual(['HTTP/1.1 408']);
      expect(ms).toBeLessThan(3_000);
    }
    expect(served).toEqual(['GET /quick']);
  });

  it('a body is cut off, with access and without', async () => {
    const server = await start(BRIEF);
    const post = requestOf('POST /models/metrics HTTP/1.1', { 'Content-Length': '100000' });
    const refused = await trickle(server, endless(`${post}\r\n\r\n`));
    expect(answers(refused.heard)).toEqual(['HTTP/1.1 403']);
    const get = requestOf('GET /vpn HTTP/1.1', { ...WITH_ACCESS, 'Content-Length': '100000' });
    const admitted = await trickle(server, endless(`${get}\r\n\r\n`));
    expect(answers(admitted.heard)).toEqual(['HTTP/1.1 408']);
    expect(admitted.ms).toBeLessThan(3_000);
  });

  it('nothing at all is cut off; a kept connection is not, for being idle between requests', async () => {
    const server = await start({ ...BRIEF, keepAliveTimeout: 5_000 });
    const silent = server.connect();
    const kept = server.connect();
    const ask = `${requestOf('GET /vpn HTTP/1.1', WITH_ACCESS)}\r\n\r\n`;
    kept.socket.write(ask);
    await silent.closed;
    await sleep(600);
    kept.socket.write(ask);
    await expect.poll(() => answers(kept.heard())).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  });

  it('has 20 s for its headers and 5 minutes for all of it by default', async () => {
    await start();
    const [server] = open;
    expect(server?.headersTimeout).toBe(20_000);
    expect(server?.requestTimeout).toBe(300_000);
  });
});
