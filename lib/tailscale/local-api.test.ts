import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { onWindows } from '../../e2e/fakes/systems';
import { type FakeTailscaled, fakeTailscaled } from '../../e2e/fakes/tailscaled';
import { localApi } from './local-api';
import { expectFailure, fakeCommand, fixture } from './test-doubles';

let tailscaled: FakeTailscaled;
beforeAll(async () => {
  tailscaled = await fakeTailscaled();
});
afterAll(() => tailscaled.close());
afterEach(async () => {
  await tailscaled.start();
  for (const call of ['*', 'status', 'whois', 'ping', 'derpmap']) tailscaled.setFault(call, null);
  tailscaled.requests.length = 0;
});

const api = (options: { timeoutMs?: number; cli?: string } = {}) =>
  localApi({ socketPath: tailscaled.socketPath, pingGapMs: 1, ...options });

/** A folder for one test. */
function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-api-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('over a real unix socket', () => {
  it('answers status, whois, ping and the DERP map', async () => {
    expect(api()).toMatchObject({ source: 'localapi', location: tailscaled.socketPath });
    expect((await api().status()).devices).toHaveLength(4);
    tailscaled.setWhois('100.64.0.2', 'whois-git.json');
    expect(await api().whois('100.64.0.2')).toMatchObject({ nodeId: '2', device: 'git' });
    expect(await api().derpMap()).toEqual({ 999: { code: 'fra', name: 'Frankfurt lab' } });
    tailscaled.setPing('100.64.0.2', 'localapi-ping-direct.json');
    const pongs = await api().ping('100.64.0.2', { count: 3 });
    expect(pongs).toHaveLength(3);
    expect(pongs[2]).toMatchObject({ ok: true, path: 'direct', latencyMs: 0.371 });
  });

  it('asks as tailscaled wants it: its host name, no Origin, no Referer, POST to ping', async () => {
    await api().status();
    await api().ping('fd7a:115c:a1e0::2', { count: 1 });
    expect(tailscaled.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /localapi/v0/status',
      'POST /localapi/v0/ping?ip=fd7a%3A115c%3Aa1e0%3A%3A2&type=disco',
    ]);
    for (const { headers } of tailscaled.requests) {
      expect(headers.host).toBe('local-tailscaled.sock');
      expect(headers).not.toHaveProperty('origin');
      expect(headers).not.toHaveProperty('referer');
    }
  });

  it('says null of an address that nobody has', async () => {
    expect(await api().whois('100.64.9.9')).toBeNull();
  });

  it('asks nothing about what is not an address', async () => {
    await expectFailure(api().whois('git&addr=100.64.0.2'), 'unsupported', 'not an IP address');
    await expectFailure(api().ping('--help', { count: 1 }), 'unsupported', '100.64.0.1');
    expect(tailscaled.requests).toEqual([]);
  });

  it('recovers by itself when tailscaled comes back', async () => {
    await tailscaled.stop();
    await expectFailure(api().status(), 'unreachable');
    await tailscaled.start();
    expect((await api().status()).backendState).toBe('Running');
  });
});

describe('ping', () => {
  it('sends one when asked for nothing sensible, twenty at most', async () => {
    expect(await api().ping('100.64.0.2', { count: Number.NaN })).toHaveLength(1);
    expect(await api().ping('100.64.0.2', { count: 1000 })).toHaveLength(20);
  });

  it('stops at once when tailscaled says no, as its own command does', async () => {
    const no = [{ ok: false, error: 'no matching peer' }];
    expect(await api().ping('100.64.9.9', { count: 5 })).toEqual(no);
    const self = [{ ok: false, error: '100.64.0.1 is local Tailscale IP' }];
    expect(await api().ping('100.64.0.1', { count: 5 })).toEqual(self);
  });

  it('takes silence for an answer, one a ping, all within the limit of the call', async () => {
    tailscaled.setFault('ping', { kind: 'hang' });
    const started = performance.now();
    const pongs = await api({ timeoutMs: 800 }).ping('100.64.0.2', { count: 5 });
    expect(pongs).toEqual(Array(5).fill({ ok: false, error: 'timed out' }));
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('fails, rather than reading as silence, when tailscaled is gone', async () => {
    await tailscaled.stop();
    await expectFailure(api().ping('100.64.0.2', { count: 2 }), 'unreachable');
  });
});

describe('netcheck', () => {
  it.skipIf(onWindows)('runs the command on the same socket', async () => {
    const script = fakeCommand('cat "$F/netcheck.json"');
    onTestFinished(script.close);
    expect(await api({ cli: script.command }).netcheck()).toMatchObject({ preferredDerp: 4 });
    expect(script.argv()).toEqual([
      `--socket=${tailscaled.socketPath}`,
      'netcheck',
      '--format=json',
    ]);
  });

  it('says what is missing where there is no command', async () => {
    await expectFailure(api().netcheck(), 'unsupported', 'TAILSCALE_CLI');
  });
});

describe('every failure names the socket and the remedy', () => {
  it('no socket', async () => {
    const socketPath = join(scratch(), 'none.sock');
    const words = [socketPath, 'systemctl start tailscaled', 'TAILSCALE_SOCKET'];
    await expectFailure(localApi({ socketPath }).status(), 'unreachable', ...words);
  });

  it.skipIf(onWindows)('a stale socket, left behind by a tailscaled that was killed', async () => {
    await tailscaled.stop({ leaveSocket: true });
    await expectFailure(api().status(), 'unreachable', 'Nothing listens on', 'systemctl start');
  });

  it.skipIf(onWindows)('a file that is no socket', async () => {
    const socketPath = join(scratch(), 'file');
    writeFileSync(socketPath, '');
    await expectFailure(localApi({ socketPath }).status(), 'unreachable', socketPath);
  });

  it.skipIf(onWindows)('a socket we may not open', async () => {
    const folder = join(scratch(), 'closed');
    mkdirSync(folder, { mode: 0 });
    const socketPath = join(folder, 'tailscaled.sock');
    // Root may open anything, so this call runs as `nobody`.
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65534);
    const call = localApi({ socketPath }).status();
    await expectFailure(call, 'permission', socketPath, 'chmod').finally(() => {
      if (root) process.seteuid?.(0);
    });
  });

  it('a tailscaled that hangs', async () => {
    tailscaled.setFault('status', { kind: 'hang' });
    const started = performance.now();
    await expectFailure(api({ timeoutMs: 150 }).status(), 'timeout', /0.15 s/, 'restart');
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('an answer that trickles past the time limit', async () => {
    tailscaled.setFault('status', { kind: 'delay', ms: 1_000 });
    await expectFailure(api({ timeoutMs: 150 }).status(), 'timeout');
  });

  it('a connection cut in the middle', async () => {
    tailscaled.setFault('status', { kind: 'cut' });
    await expectFailure(api().status(), 'unreachable', 'broke', tailscaled.socketPath);
  });

  it('a refusal', async () => {
    const body = 'status access denied\n';
    tailscaled.setFault('status', { kind: 'answer', status: 403, body });
    await expectFailure(api().status(), 'permission', 'status access denied', '--operator');
  });

  it('a tailscaled too old for the call, and one in trouble', async () => {
    tailscaled.setFault('derpmap', { kind: 'answer', status: 404, body: '404 page not found\n' });
    await expectFailure(api().derpMap(), 'unsupported', 'derpmap', 'tailscale update');
    tailscaled.setFault('status', { kind: 'answer', status: 500, body: 'no backend' });
    await expectFailure(api().status(), 'unreachable', 'no backend', 'journalctl');
  });

  it('garbage, and JSON of another shape', async () => {
    tailscaled.setFault('status', { kind: 'answer', status: 200, body: '\u0000<html>' });
    await expectFailure(api().status(), 'bad_answer', 'not JSON', '<html>', tailscaled.socketPath);
    tailscaled.setFault('whois', { kind: 'answer', status: 200, body: '{"Node":7}' });
    await expectFailure(api().whois('100.64.0.2'), 'bad_answer', 'Node');
  });

  it('an answer that is too large, without keeping it', async () => {
    const body = 'x'.repeat(1_100_000);
    tailscaled.setFault('whois', { kind: 'answer', status: 200, body });
    await expectFailure(api().whois('100.64.0.2'), 'bad_answer', 'more than 1024 KiB');
  });

  it.skipIf(onWindows)('something that does not speak HTTP', async () => {
    const socketPath = join(scratch(), 'echo.sock');
    const server = createServer((client) => client.on('error', () => {}).end('SSH-2.0-x\r\n'));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    onTestFinished(() => void server.close());
    await expectFailure(localApi({ socketPath }).status(), 'bad_answer', socketPath);
  });
});

describe('the fake tailscaled', () => {
  it('refuses a browser, as the real one does', async () => {
    const { request } = await import('node:http');
    const statusWith = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve) => {
        const options = { socketPath: tailscaled.socketPath, path: '/localapi/v0/status', headers };
        request(options, (answer) => resolve(answer.resume().statusCode)).end();
      });
    const host = 'local-tailscaled.sock';
    expect(await statusWith({ host })).toBe(200);
    expect(await statusWith({ host, origin: 'http://evil' })).toBe(403);
    expect(await statusWith({ host, referer: 'http://evil/x' })).toBe(403);
    expect(await statusWith({ host: 'evil' })).toBe(403);
  });

  it('answers whois from the status it was given, and sends a document byte for byte', async () => {
    tailscaled.setStatus(fixture('status-constructed.json'));
    onTestFinished(() => tailscaled.setStatus('status-direct.json'));
    const shared = (await api().status()).devices.find((device) => device.id === 'n4CNTRL');
    expect(shared?.user?.id).toBe('9007199254740993');
    expect(await api().whois('100.64.1.1')).toEqual({
      nodeId: 'n1CNTRL',
      device: 'web-prod',
      user: { id: '50', login: 'tagged-devices', name: 'Tagged Devices' },
      tags: ['tag:server', 'tag:prod'],
      network: null,
    });
  });
});
