import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sidecar } from './sidecar';
import { expectFailure, fakeSidecar, fixture } from './test-doubles';

/** Opens the transport over a real HTTP server. */
async function over(replies: Parameters<typeof fakeSidecar>[0], timeoutMs?: number) {
  const fake = await fakeSidecar(replies);
  onTestFinished(fake.close);
  return { ...fake, tailscale: sidecar({ url: fake.url, timeoutMs }) };
}

describe('over real HTTP', () => {
  it('asks the paths of the seed, below a path of the URL too', async () => {
    const { url, paths } = await over({
      '/ts/status': { body: fixture('status-direct.json') },
      '/ts/whois/100.64.0.2': { body: fixture('whois-git.json') },
      '/ts/netcheck': { body: `# Warning: not stable\n${fixture('netcheck.json')}` },
      '/ts/ping/100.64.0.2': { body: fixture('ping-relay.txt') },
    });
    const tailscale = sidecar({ url: `${url}/ts/` });
    expect(tailscale).toMatchObject({ source: 'sidecar', location: `${url}/ts` });
    expect((await tailscale.status()).devices).toHaveLength(4);
    expect(await tailscale.whois('100.64.0.2')).toMatchObject({ device: 'git' });
    expect(await tailscale.netcheck()).toMatchObject({ preferredDerp: 4 });
    expect(await tailscale.ping('100.64.0.2', { count: 3 })).toHaveLength(3);
    expect(paths).toEqual([
      '/ts/status',
      '/ts/whois/100.64.0.2',
      '/ts/netcheck',
      // A sidecar of an earlier version has only the text.
      '/ts/pongs/100.64.0.2',
      '/ts/ping/100.64.0.2',
    ]);
  });

  it('has the fractions of latencies that the LocalAPI gives, and each ping that nothing answered', async () => {
    const direct = '{"Err":"","LatencySeconds":0.000312,"Endpoint":"203.0.113.3:41641"}';
    const relay = '{"Err":"","LatencySeconds":0.0234567,"DERPRegionID":4,"DERPRegionCode":"fra"}';
    const { tailscale, paths } = await over({
      '/pongs/100.64.0.2': { body: `[${direct},\n${relay},null]\n` },
      '/pongs/100.64.0.3': { body: '[{"Err":"no matching peer"}]' },
      '/pongs/100.64.0.4': { body: '<html>' },
      '/ping/100.64.0.4': { body: fixture('ping-relay.txt') },
    });
    expect(await tailscale.ping('100.64.0.2', { count: 5 })).toMatchObject([
      { ok: true, latencyMs: 0.312, path: 'direct', endpoint: '203.0.113.3:41641' },
      { ok: true, latencyMs: 23.457, path: 'relay', relayRegion: 'fra' },
      { ok: false, error: 'timed out' },
    ]);
    expect(await tailscale.ping('100.64.0.2', { count: 1 })).toHaveLength(1);
    const nobody = [{ ok: false, error: 'no matching peer' }];
    expect(await tailscale.ping('100.64.0.3', { count: 5 })).toEqual(nobody);
    expect(paths).not.toContain('/ping/100.64.0.2');
    expect(await tailscale.ping('100.64.0.4', { count: 5 })).toHaveLength(5);
  });

  it('keeps the credentials of its URL to itself, and sends them', async () => {
    let authorization: string | undefined;
    const { url } = await over((request, response) => {
      authorization = request.headers.authorization;
      response.end(fixture('status-direct.json'));
    });
    const tailscale = sidecar({ url: url.replace('http://', 'http://me:secret@') });
    await tailscale.status();
    expect(authorization).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
    expect(tailscale.location).toBe(url);
  });

  it('says null of an address nobody has, as a 404 or in the words of the command', async () => {
    const { tailscale } = await over({ '/whois/100.64.9.8': { body: 'peer not found\n' } });
    expect(await tailscale.whois('100.64.9.9')).toBeNull();
    expect(await tailscale.whois('100.64.9.8')).toBeNull();
  });

  it('asks IPv6 as it is written, and nothing that is not an address', async () => {
    const { tailscale, paths } = await over({});
    await tailscale.whois('fd7a:115c:a1e0::2');
    await expectFailure(tailscale.whois('../status'), 'unsupported');
    await expectFailure(tailscale.ping('git', { count: 1 }), 'unsupported');
    expect(paths).toEqual(['/whois/fd7a:115c:a1e0::2']);
  });

  it('takes the bare line feeds of a proxy written in shell', async () => {
    const server = createServer((client) => {
      client.once('data', () => {
        client.end(`HTTP/1.1 200 OK\nContent-Type: text/plain\n\n${fixture('ping-direct.txt')}`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const pongs = await sidecar({ url: `http://127.0.0.1:${port}` }).ping('100.64.0.2', {
      count: 5,
    });
    expect(pongs).toHaveLength(3);
  });
});

describe('the DERP map', () => {
  it('holds our own region, from what netcheck and status say together', async () => {
    const { tailscale } = await over({
      '/status': { body: fixture('status-direct.json') },
      '/netcheck': { body: fixture('netcheck.json') },
    });
    expect(await tailscale.derpMap()).toEqual({ 4: { code: 'fra', name: 'fra' } });
  });

  it('holds every region that an older netcheck names', async () => {
    const { tailscale } = await over({
      '/status': { body: '{"Version":"1","BackendState":"Running"}' },
      '/netcheck': { body: '{"UDP":true,"DERPLatency":{"9-fra":0.023,"2-nyc":0.089}}' },
    });
    expect(await tailscale.derpMap()).toEqual({
      9: { code: 'fra', name: 'fra' },
      2: { code: 'nyc', name: 'nyc' },
    });
  });

  it('is unsupported when nothing names a region', async () => {
    const { tailscale } = await over({
      '/status': { body: '{"Version":"1","BackendState":"Running"}' },
      '/netcheck': { body: '{"UDP":false}' },
    });
    await expectFailure(tailscale.derpMap(), 'unsupported', 'TAILSCALE_SOCKET');
  });
});

describe('every failure names the URL and the remedy', () => {
  it('a URL that is none', () => {
    for (const url of ['127.0.0.1:8765', 'ftp://x', '']) {
      expect(() => sidecar({ url }), url).toThrow('http://127.0.0.1:8765');
    }
  });

  it('nobody there, and a host that does not exist', async () => {
    const { url, close } = await fakeSidecar({});
    await close();
    await expectFailure(sidecar({ url }).status(), 'unreachable', url, 'docker compose up');
    const elsewhere = sidecar({ url: 'http://no-such-host.invalid:8765' });
    await expectFailure(
      elsewhere.status(),
      'unreachable',
      'no-such-host.invalid',
      'TAILSCALE_PROXY_URL',
    );
  });

  it('a sidecar that hangs, or sends its answer drop by drop', async () => {
    const { tailscale } = await over(() => {}, 150);
    await expectFailure(tailscale.status(), 'timeout', '/status');
    await expectFailure(tailscale.ping('100.64.0.2', { count: 1 }), 'timeout', '/pongs/100.64.0.2');
    const drops = await over((_request, response) => {
      const dripping = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(dripping));
    }, 200);
    await expectFailure(drops.tailscale.netcheck(), 'timeout');
  });

  it('each status says what it means', async () => {
    const statuses: [number, Parameters<typeof expectFailure>[1]][] = [
      [403, 'permission'],
      [404, 'unsupported'],
      [429, 'unreachable'],
      [503, 'unreachable'],
      [504, 'timeout'],
      [302, 'bad_answer'],
    ];
    for (const [status, code] of statuses) {
      const { tailscale, url } = await over({ '/status': { status, body: '{"error":"why"}' } });
      await expectFailure(tailscale.status(), code, url, String(status), 'why');
    }
  });

  it('a tailscaled that is down behind a proxy that says so in a 200', async () => {
    const body = "failed to connect to local tailscaled; it doesn't appear to be running\n";
    const { tailscale } = await over({ '/status': { body }, '/ping/100.64.0.2': { body } });
    await expectFailure(tailscale.status(), 'unreachable', 'appear to be running');
    await expectFailure(tailscale.ping('100.64.0.2', { count: 1 }), 'unreachable');
  });

  it('garbage, and answers that are too large', async () => {
    const { tailscale } = await over({
      '/status': { body: '<html>nginx</html>' },
      '/ping/100.64.0.2': { body: '<html>nginx</html>' },
      '/netcheck': { body: 'x'.repeat(1_100_000) },
    });
    await expectFailure(tailscale.status(), 'bad_answer', 'nginx');
    await expectFailure(tailscale.ping('100.64.0.2', { count: 1 }), 'bad_answer', 'nginx');
    await expectFailure(tailscale.netcheck(), 'bad_answer', 'more than 1024 KiB');
  });

  it('a server that does not speak HTTP', async () => {
    const server = createServer((client) => client.on('error', () => {}).end('SSH-2.0-x\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const other = sidecar({ url: `http://127.0.0.1:${port}` });
    await expectFailure(other.status(), 'bad_answer', 'does not speak HTTP');
  });
});
