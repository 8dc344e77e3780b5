import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { DevicesResponse } from '../../lib/api/schemas';
import type { TailnetStatus } from '../../lib/domain/device';
import { localApi } from '../../lib/tailscale/local-api';
import { sidecar } from '../../lib/tailscale/sidecar';
import type { Pong } from '../../lib/tailscale/tailscale';
import { root, startApp } from '../harness/app';
import { lab } from '../harness/lab';
import {
  get,
  listens,
  NOBODY,
  type RunningProxy,
  refusedStart,
  sendRaw,
  startProxy,
  WITH_TUN,
} from '../harness/proxy';

const ALLOWED = { TAILSCALE_PROXY_ALLOW_USERSPACE: '1' };
const tailnet = lab();
const beside = { command: { program: tailnet.cli }, socket: tailnet.socket };
let proxy: RunningProxy;
test.beforeAll(async () => {
  proxy = await startProxy({ ...beside, env: ALLOWED });
});
test.afterAll(async () => {
  expect(await proxy.stop()).not.toBeNull();
});

/** A proxy of the test's own, whose `tailscale` is a shell script. */
async function withScript(script: string, run: (proxy: RunningProxy) => Promise<void>) {
  const own = await startProxy({ command: { script: `${WITH_TUN}\n${script}` } });
  try {
    await run(own);
  } finally {
    await own.stop();
  }
}

test.describe('beside a real tailscaled', () => {
  test('it gives what the LocalAPI gives', async () => {
    const api = localApi({ socketPath: tailnet.socket, cli: tailnet.cli });
    const http = sidecar({ url: proxy.url });
    const stable = (status: TailnetStatus) =>
      status.devices.map(({ id, hostname, addresses, user, online }) => [
        id,
        hostname,
        addresses,
        user,
        online,
      ]);
    expect(stable(await http.status())).toEqual(stable(await api.status()));
    for (const address of [tailnet.addresses.git, 'fd7a:115c:a1e0::99', '100.99.99.99']) {
      expect(await http.whois(address)).toEqual(await api.whois(address));
    }
    const pongs = await http.ping(tailnet.addresses.git, { count: 5 });
    expect(pongs).toHaveLength(5);
    expect(pongs.at(-1)).toMatchObject({ ok: true });
    const isFraction = (pong: Pong) => pong.ok && !Number.isInteger(pong.latencyMs);
    expect(pongs.some(isFraction)).toBe(true);
    const own = (await api.status()).devices.find((device) => device.self)?.addresses[0] ?? '';
    expect(await http.ping(own, { count: 1 })).toEqual(await api.ping(own, { count: 1 }));
    // A busy machine's first check may miss the relay.
    const preferred = async () => (await http.netcheck()).preferredDerp;
    await expect.poll(preferred, { timeout: 60_000 }).toBe(4);
    expect(await http.derpMap()).toEqual({ 4: { code: 'fra', name: 'fra' } });
  });

  test('the app reads the tailnet through it', async () => {
    const app = await startApp({ env: { TAILSCALE_PROXY_URL: proxy.url, DEMO: '0' } });
    try {
      await app.waitHealthy();
      const devices: DevicesResponse = await (await fetch(`${app.url}/analytics/devices`)).json();
      expect(devices.source).toBe('sidecar');
      expect(devices.devices.map((device) => device.hostname).sort()).toEqual([
        'chocolate-factory',
        'chocolate-factory-dev',
        'git',
      ]);
      // The lab's tailscaled has no TUN device, and passes what others send to this device on to loopback.
      const { port } = new URL(app.url);
      const seen = await tailnet.get('git', `http://100.64.0.1:${port}/me.json`);
      expect(JSON.parse(seen)).toMatchObject({ kind: 'node', device: 'git' });
    } finally {
      expect(await app.stop()).toBe(0);
    }
  });

  test('debug tells what tailscaled reports while the peer is pinged, in 3 s and whole notices', async () => {
    const { status, body, ms } = await get(proxy.port, '/debug/git');
    expect(status).toBe(200);
    expect(ms).toBeLessThan(6_000);
    const { peer, notices } = JSON.parse(body);
    expect(peer).toBe('git');
    expect(notices.length).toBeGreaterThan(0);
    expect(JSON.stringify(notices)).not.toMatch(/PrivateNodeKey":"privkey:(?!0)/);
  });

  test('metrics are what tailscaled counts by path', async () => {
    const { status, body } = await get(proxy.port, '/metrics');
    expect(status).toBe(200);
    expect(body).toMatch(/^tailscaled_inbound_bytes_total\{path="direct_ipv4"\} \d+$/m);
    const counted = await sidecar({ url: `http://127.0.0.1:${proxy.port}` }).countedByPath();
    expect(counted?.direct?.txBytes).toBeGreaterThanOrEqual(0);
  });

  test('a peer that there is not is a 404, in the words of tailscale', async () => {
    const { status, body } = await get(proxy.port, '/ping/no-such-peer');
    expect(status).toBe(404);
    expect(body).toContain('no-such-peer');
    expect((await get(proxy.port, '/whois/100.99.99.99')).status).toBe(404);
  });
});

test.describe('it is for this machine only', () => {
  test('no address but 127.0.0.1 reaches it', async () => {
    const others = Object.values(os.networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address));
    expect(await listens(proxy.port)).toBe(true);
    for (const address of [...others.filter((a) => a !== '127.0.0.1'), '127.0.0.2']) {
      expect(await listens(proxy.port, address), address).toBe(false);
    }
  });

  test('it refuses a tailscaled that would open it to the tailnet, unless a setting says that this is known', async () => {
    expect(await refusedStart(beside)).toMatch(/no TUN device.*TAILSCALE_PROXY_ALLOW_USERSPACE=1/);
    // Why: the port of loopback answers on the tailnet. It still takes no name but loopback's.
    const own = (await tailnet.ts('factory', 'ip', '-4')).trim();
    const answer = await tailnet.get('git', `http://${own}:${proxy.port}/status`);
    expect(answer).toContain('ask for 127.0.0.1');
  });

  test('it refuses to run as root, where it could be', async () => {
    test.skip(process.getuid?.() !== 0, 'needs root, to drop it');
    expect(await refusedStart({ ...beside, env: ALLOWED, uid: 0 })).toMatch(
      /refusing to run as root/,
    );
  });

  test('as the user it runs as, tailscaled lets nothing be changed', async () => {
    test.skip(process.getuid?.() !== 0, 'needs root, to drop it');
    const change = [`--socket=${tailnet.socket}`, 'set', '--hostname=taken-over'];
    const changed = promisify(execFile)(proxy.command, change, {
      uid: NOBODY,
      gid: NOBODY,
      cwd: '/',
    });
    await expect(changed).rejects.toThrow(/access denied/i);
    const status = await readFile(`/proc/${proxy.pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
    expect(status).toMatch(/^CapEff:\s+0000000000000000$/m);
  });

  test('a browser cannot be made to ask it', async () => {
    const headers = ['Origin: http://evil.example', 'Referer: http://evil.example/'];
    for (const header of headers) {
      expect((await get(proxy.port, '/status', header)).status, header).toBe(403);
    }
    const rebound = 'GET /status HTTP/1.1\r\nHost: evil.example:8765\r\n\r\n';
    expect((await sendRaw(proxy.port, rebound)).status).toBe(403);
    expect((await sendRaw(proxy.port, 'GET /status HTTP/1.1\r\n\r\n')).status).toBe(403);
    for (const host of ['127.0.0.1', 'localhost:8765', '[::1]:8765', '127.0.0.1:1']) {
      const asked = `GET /status HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
      expect((await sendRaw(proxy.port, asked)).status, host).toBe(200);
    }
  });
});

test.describe('nothing of a request becomes an option or a command', () => {
  const hostile = [
    '--help',
    '-c',
    '--socket=/tmp/x',
    '-',
    '',
    '.',
    '..',
    'git%20--until-direct',
    'git%0aid',
    'git;id',
    'git|id',
    '$(id)',
    '`id`',
    '$' + '{IFS}',
    'git&id',
    "git'",
    'git"',
    'git\\',
    '*',
    '~',
    '../status',
    '..%2fstatus',
    '%2e%2e',
    '%2d%2dhelp',
    'git/--help',
    'git?x=1',
    'git#x',
    '@git',
    'git:1',
    'git,x',
    '!!',
    '{a,b}',
    'a..b',
    '-git',
    'git-',
    `${'a'.repeat(254)}`,
    '100.64.0.2 --json',
    '\u00fcber',
  ];
  for (const call of ['whois', 'ping', 'debug']) {
    test(`/${call}/`, async () => {
      await withScript('echo "{}"', async (own) => {
        const before = (await own.calls()).length;
        for (const one of hostile) {
          const { status } = await get(own.port, `/${call}/${one}`);
          expect([400, 404], `${one}: ${status}`).toContain(status);
        }
        expect(await own.calls()).toHaveLength(before);
      });
    });
  }

  test('whois takes addresses only, and passes them as one argument', async () => {
    await withScript('echo "{}"', async (own) => {
      for (const one of [
        'git',
        '100.64.0',
        '100.64.0.256',
        '1.2.3.4.5',
        '0x7f.1',
        '100.64.0.2:80',
        'fe80::1%25lo',
        ':::g',
        '127.0.0.1:',
        '127.0.0.1:0',
        '127.0.0.1:123456',
        '127.0.0.256:80',
        '128.0.0.1:80',
        '127.0.0.1:80:80',
      ]) {
        expect((await get(own.port, `/whois/${one}`)).status, one).toBe(400);
      }
      for (const one of ['100.64.0.2', 'fd7a:115c:a1e0::2', '127.0.0.1:40000']) {
        expect((await get(own.port, `/whois/${one}`)).status, one).toBe(200);
        expect((await own.calls()).at(-1)).toBe(
          `--socket=/nonexistent/tailscaled.sock whois --json ${one}`,
        );
      }
    });
  });

  test('paths are what they are: nothing is decoded, cut or completed', async () => {
    await withScript('echo "{}"', async (own) => {
      const before = (await own.calls()).length;
      const others = [
        '/',
        '//status',
        '/status/',
        '/status?x',
        '/STATUS',
        '/%73tatus',
        '/status%00',
        '/./status',
        '/status;x',
        '/whois',
        '/ping',
        '/metrics/',
      ];
      for (const one of others) {
        const answer = await get(own.port, one);
        expect(answer.status, one).toBe(404);
        expect(JSON.parse(answer.body)).toHaveProperty('error');
      }
      expect((await get(own.port, 'http://127.0.0.1/status')).status).toBe(400);
      expect(await own.calls()).toHaveLength(before);
    });
  });

  test('line ends and bytes that are none of a request are refused', async () => {
    const requests = [
      'GET /ping/git\nHost: x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      'GET /ping/git\r--help HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      'GET /ping/git\t--help HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      'GET  /status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      'GET /status\r\n\r\n',
      'GET /status HTTP/2.0\r\n\r\n',
      'get /status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      'GET /status HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n',
      'GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\n folded: x\r\n\r\n',
      'GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n\r\n',
      'GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\nabc',
      'GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n',
    ];
    for (const request of requests) {
      expect((await sendRaw(proxy.port, request)).status, JSON.stringify(request)).toBe(400);
    }
  });

  test('only GET', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT']) {
      const answer = await sendRaw(
        proxy.port,
        `${method} /status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
      );
      expect(answer.status, method).toBe(405);
      expect(answer.head).toContain('Allow: GET');
    }
  });
});

test.describe('nobody can keep it from others', () => {
  test('long lines, many headers, and a line without end', async () => {
    expect((await get(proxy.port, `/ping/${'a'.repeat(4_200)}`)).status).toBe(414);
    expect((await get(proxy.port, '/status', `X: ${'a'.repeat(4_200)}`)).status).toBe(431);
    const many = Array.from({ length: 70 }, (_, i) => `X-${i}: x`);
    expect((await get(proxy.port, '/status', ...many)).status).toBe(431);
    const endless = await sendRaw(proxy.port, Buffer.alloc(900_000, 'a'));
    expect(endless.status).toBe(414);
  });

  test('slow clients are let go after 5 s, and others are served meanwhile', async () => {
    const drip = (socket: net.Socket) => {
      const bytes = 'GET /status HTTP/1.1\r\nX: y';
      let i = 0;
      const dripping = setInterval(() => socket.write(bytes[i++ % bytes.length] ?? ''), 500);
      socket.once('close', () => clearInterval(dripping));
    };
    const slow = Array.from({ length: 30 }, (_, i) => sendRaw(proxy.port, i % 2 ? drip : () => {}));
    await sleep(500);
    const { status, ms } = await get(proxy.port, '/status');
    expect(status).toBe(200);
    expect(ms).toBeLessThan(2_000);
    for (const answer of await Promise.all(slow)) {
      expect(answer.status).toBe(408);
      expect(answer.ms).toBeLessThan(9_000);
    }
  });

  test('a hundred at once are all answered, forty at a time', async () => {
    await withScript('sleep 0.3; echo "{}"', async (own) => {
      let most = 0;
      let asking = true;
      const watching = (async () => {
        while (asking) {
          most = Math.max(most, (await childrenOf(own.pid)).length);
          await sleep(20);
        }
      })();
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => get(own.port, '/status')),
      );
      asking = false;
      await watching;
      expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
      expect(most).toBeLessThanOrEqual(40);
      expect(most).toBeGreaterThan(20);
    });
  });

  test('a client that never reads is let go, with all that was started for it', async () => {
    test.setTimeout(90_000);
    await withScript('head -c 30000000 /dev/zero | tr "\\0" " "', async (own) => {
      const socket = net.connect(own.port, '127.0.0.1');
      socket.pause();
      socket.on('error', () => {});
      socket.write('GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
      await expect.poll(async () => (await childrenOf(own.pid)).length).toBe(1);
      await expect
        .poll(async () => (await childrenOf(own.pid)).length, { timeout: 45_000 })
        .toBe(0);
      socket.destroy();
    });
  });
});

test.describe('every failure has its status and its words', () => {
  const failures: [string, string, number, RegExp, string][] = [
    [
      'tailscaled is down',
      'echo "failed to connect to local tailscaled; it doesn\'t appear to be running" >&2; exit 1',
      503,
      /failed to connect/,
      'unreachable',
    ],
    ['the command hangs', 'sleep 60', 504, /no answer in time/, 'timeout'],
    ['the command fails without a word', 'exit 3', 502, /exit code 3/, 'unreachable'],
    ['the command prints without end', 'yes', 502, /more than 33554432 bytes/, 'unreachable'],
    [
      'permission is denied',
      'echo "Access denied: \\"status\\" access denied" >&2; exit 1',
      502,
      /Access denied: "status"/,
      'unreachable',
    ],
  ];
  for (const [name, script, status, words, code] of failures) {
    test(name, async () => {
      await withScript(script, async (own) => {
        const answer = await get(own.port, '/status');
        expect(answer.status).toBe(status);
        expect(JSON.parse(answer.body).error).toMatch(words);
        // Its last whole line: the answer may be here before what was said of it.
        const said = () => JSON.parse(own.stderr().split('\n').at(-2) ?? 'null');
        const line = { level: 'error', request: 'GET /status', status };
        await expect.poll(said).toMatchObject(line);
        await expect(sidecar({ url: own.url }).status()).rejects.toMatchObject({ reason: code });
      });
    });
  }

  test('the command has gone', async () => {
    await withScript('echo "{}"', async (own) => {
      await own.setCommand();
      const answer = await get(own.port, '/status');
      expect(answer.status).toBe(500);
      expect(JSON.parse(answer.body).error).toMatch(/cannot be run/);
      await own.setCommand('echo "{}"');
      expect((await get(own.port, '/status')).status).toBe(200);
    });
  });

  test('a tailnet of 5,000 devices, 6 MB, takes no second', async () => {
    await withScript(
      'printf "{\\"x\\":\\""; head -c 6000000 /dev/zero | tr "\\0" x; echo "\\"}"',
      async (own) => {
        const { status, body, ms } = await get(own.port, '/status');
        expect(status).toBe(200);
        expect(body.length).toBe(6_000_010);
        expect(ms).toBeLessThan(2_000);
      },
    );
  });

  test('a warning on stderr does not spoil an answer, and its length is of bytes', async () => {
    await withScript(
      'echo "Warning: versions differ" >&2; printf \'{"x":"\\303\\274"}\'',
      async (own) => {
        const { head, body } = await get(own.port, '/status');
        expect(body).toBe('{"x":"ü"}\n');
        expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
      },
    );
  });

  test('what comes back of a relayed or silent peer is an answer, not a fault', async () => {
    const relayed =
      'echo "pong from git (100.64.0.2) via DERP(fra) in 23ms"; echo "direct connection not established" >&2; exit 1';
    await withScript(relayed, async (own) => {
      expect(await get(own.port, '/ping/git')).toMatchObject({ status: 200 });
      expect(await sidecar({ url: own.url }).ping('100.64.0.2', { count: 5 })).toMatchObject([
        { ok: true, path: 'relay' },
      ]);
    });
    await withScript(
      'echo \'ping "100.64.0.2" timed out\'; echo "no reply" >&2; exit 1',
      async (own) => {
        expect(await sidecar({ url: own.url }).ping('100.64.0.2', { count: 5 })).toEqual([
          { ok: false, error: 'timed out' },
        ]);
      },
    );
  });
});

test('shellcheck finds nothing in what runs beside tailscaled', async () => {
  const folder = path.join(root, 'sidecar');
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.sh'));
  expect(scripts).toHaveLength(3);
  await promisify(execFile)('shellcheck', scripts, { cwd: folder });
});

/** The processes that a process has started and that still run. */
async function childrenOf(pid: number): Promise<string[]> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8')),
  );
  return lists.join(' ').split(' ').filter(Boolean);
}
