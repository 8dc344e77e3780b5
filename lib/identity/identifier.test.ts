import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlockList } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasProc } from '../../e2e/fakes/systems';
import type { AccessPolicy, Caller } from '../domain/caller';
import type { Device, TailnetStatus } from '../domain/device';
import type { Whois } from '../domain/whois';
import { TailscaleError } from '../tailscale/tailscale';
import { MINUTE } from '../util/time';
import { Identifier } from './identifier';
import { ReplicaToken, replicaCredential } from './replica';
import { Tokens } from './tokens';

/** Who has which address in this tailnet. */
const TAILNET: Record<string, Pick<Whois, 'nodeId' | 'device' | 'tags'> & { login: string }> = {
  '100.64.0.2': { nodeId: 'nA', device: 'laptop', login: 'alice@example.com', tags: [] },
  '100.64.0.3': { nodeId: 'nC', device: 'ci', login: 'tagged-devices', tags: ['tag:ci'] },
  '100.64.0.9': { nodeId: 'nE', device: 'phone', login: 'eve@elsewhere.example', tags: [] },
  'fd7a:115c:a1e0::2': { nodeId: 'nA', device: 'laptop', login: 'alice@example.com', tags: [] },
};
const status = {
  devices: [
    { id: 'nA', classification: 'own' },
    { id: 'nC', classification: 'own' },
  ] as Device[],
} as TailnetStatus;

let folder: string;
let asked: string[];
/** The headers that answers got. */
let answered: string[];
let down: boolean;
/** Connections that tailscaled forwards, by their port on loopback. */
let passedOn: (port: number) => string | null;
let tun: boolean;
let now: number;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'identity-'));
  asked = [];
  answered = [];
  down = false;
  passedOn = () => null;
  tun = true;
  now = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const US = process.getuid?.() ?? 0;

/** Creates a file that another user owns. */
function strangersFile(): string {
  if (US !== 0) return '/';
  const file = path.join(folder, 'of-a-stranger');
  writeFileSync(file, '');
  chownSync(file, 65_534, 65_534);
  return file;
}

const REPLICA_TOKEN = 'what-collectors-and-replicas-share';
const OURS = 'http://127.0.0.1:3000';

/**
 * Returns an identifier over a tailscaled that runs as the user of this test, so that requests count as Serve's, or as
 * another user.
 */
function identifier(
  {
    auth = 'local',
    trusted = [],
    admins = [],
    viewers = null,
  }: { auth?: 'local' | 'strict' | 'off'; trusted?: string[] } & Partial<AccessPolicy> = {},
  tailscaledIs: 'us' | 'another' = 'us',
): Identifier {
  const ours = path.join(folder, 'ours');
  writeFileSync(ours, '');
  const location = tailscaledIs === 'us' ? ours : strangersFile();
  const trustedProxies = new BlockList();
  for (const address of trusted)
    trustedProxies.addAddress(address, address.includes(':') ? 'ipv6' : 'ipv4');
  const whois = async (address: string, port?: number): Promise<Whois | null> => {
    asked.push(address);
    if (down) throw new TailscaleError('unreachable', 'tailscaled is away');
    const owner = TAILNET[port === undefined ? address : (passedOn(port) ?? '')];
    return owner
      ? { ...owner, user: { id: '1', login: owner.login, name: '' }, network: null }
      : null;
  };
  return new Identifier(
    {
      ...{ auth, trustedProxies, policy: { admins, viewers } },
      replicaToken: new ReplicaToken(REPLICA_TOKEN, () => OURS),
    },
    { whois, source: 'localapi', location },
    () => ({ ...status, tun }),
    new Tokens(path.join(folder, 'tokens.json'), []),
    () => now,
  );
}

/** Sends a request over a real socket and returns the caller it was attributed to. */
async function seen(
  by: Identifier,
  headers: Record<string, string> = {},
  from = '127.0.0.1',
  at = '127.0.0.1',
): Promise<Caller | Error> {
  return new Promise((resolve, reject) => {
    const server = http.createServer((request, response) => {
      const {
        remoteAddress = '',
        remotePort = 0,
        localAddress = '',
        localPort = 0,
      } = request.socket;
      by.identify({
        peer: { address: remoteAddress, port: remotePort },
        ours: { address: localAddress, port: localPort },
        headers: request.headers,
        connection: request.socket,
        answerWith: (name, value) => void answered.push(`${name}: ${value}`),
      })
        .catch((error: Error) => error)
        .then((caller) => {
          response.end();
          server.close();
          resolve(caller);
        });
    });
    server.listen(0, at, () => {
      const { port } = server.address() as AddressInfo;
      http.get({ port, host: at, localAddress: from, headers, agent: false }).on('error', reject);
    });
  });
}
const FROM_ALICE_BY_SERVE = {
  'x-forwarded-for': '100.64.0.2',
  'tailscale-user-login': 'alice@example.com',
};
const alice = { kind: 'node', node: { login: 'alice@example.com', classification: 'own' } };

describe('who is asking', () => {
  it('is the operator at the machine, unless AUTH says otherwise', async () => {
    expect(await seen(identifier())).toEqual({ kind: 'operator' });
    expect(await seen(identifier({ auth: 'strict' }))).toMatchObject({ kind: 'anonymous' });
    expect(await seen(identifier({ auth: 'off' }), { 'x-forwarded-for': '1.2.3.4' })).toEqual({
      kind: 'operator',
    });
  });

  it.each([
    'X-Forwarded-For',
    'X-Real-IP',
    'Forwarded',
    'Via',
    'X-Forwarded-Proto',
    'CF-Connecting-IP',
    'Tailscale-User-Login',
    'Tailscale-Funnel-Request',
  ])('is not the operator when %s says that a proxy is between', async (name) => {
    const caller = await seen(identifier({}, 'another'), { [name]: '100.64.0.2' });
    expect(caller).toMatchObject({ kind: 'anonymous' });
    expect(asked).toEqual([]);
  });

  it.runIf(hasProc)(
    'is the user whom tailscaled names for the address that Serve names',
    async () => {
      for (const address of ['100.64.0.2', 'fd7a:115c:a1e0::2']) {
        const headers = { 'x-forwarded-for': address, 'tailscale-user-login': 'alice@example.com' };
        expect(await seen(identifier(), headers)).toMatchObject({ ...alice, via: 'serve' });
      }
      const machine = await seen(identifier(), { 'x-forwarded-for': '100.64.0.3' });
      expect(machine).toMatchObject({ node: { tags: ['tag:ci'] } });
    },
  );

  it('is nobody when the identity headers name a user other than that of the address', async () => {
    const headers = {
      'x-forwarded-for': '100.64.0.9',
      'tailscale-user-login': 'alice@example.com',
    };
    expect(await seen(identifier(), headers)).toMatchObject({ kind: 'anonymous' });
  });

  it('is nobody when it came through Funnel, whatever else it says', async () => {
    const headers = { 'x-forwarded-for': '100.64.0.2', 'tailscale-funnel-request': '?1' };
    expect(await seen(identifier(), headers)).toMatchObject({ kind: 'anonymous' });
  });

  it.runIf(hasProc)(
    'is not believed from a local process of another user than tailscaled, nor over several hops',
    async () => {
      const headers = {
        'x-forwarded-for': '100.64.0.2',
        'tailscale-user-login': 'alice@example.com',
      };
      expect(await seen(identifier({}, 'another'), headers)).toMatchObject({ kind: 'anonymous' });
      const chain = { ...headers, 'x-forwarded-for': '100.64.0.2, 100.64.0.9' };
      expect(await seen(identifier(), chain)).toMatchObject({ kind: 'anonymous' });
    },
  );

  it.runIf(hasProc)('is the first address from the right that is not a trusted proxy', async () => {
    const behind = identifier({ trusted: ['127.0.0.9', '127.0.0.8'] }, 'another');
    const via = (chain: string, more = {}) =>
      seen(behind, { 'x-forwarded-for': chain, ...more }, '127.0.0.9');
    expect(await via('100.64.0.2')).toMatchObject({ ...alice, via: 'proxy' });
    expect(await via('100.64.0.2, 127.0.0.8')).toMatchObject(alice);
    expect(await via('100.64.0.2, 203.0.113.7')).toMatchObject({
      kind: 'anonymous',
      address: '203.0.113.7',
    });
    expect(await via('100.64.0.2, 100.64.0.9')).toMatchObject({
      node: { classification: 'external' },
    });
    expect(await via('100.64.0.77')).toMatchObject({ kind: 'anonymous' });
    expect(await via('127.0.0.8')).toMatchObject({ kind: 'anonymous' });
    for (const garbage of ['', 'unknown', '100.64.0.2,', '"><script>', '100.64.0.2:443']) {
      expect(await via(garbage)).toMatchObject({ kind: 'anonymous' });
    }
    const forged = { 'tailscale-user-login': 'alice@example.com' };
    expect(await via('100.64.0.9', forged)).toMatchObject({
      node: { login: 'eve@elsewhere.example' },
    });
  });

  it('is the device whose connection tailscaled passes on to loopback, never the operator or whom it claims to be', async () => {
    tun = false;
    passedOn = () => '100.64.0.9';
    for (const headers of [{}, FROM_ALICE_BY_SERVE]) {
      const caller = await seen(identifier({ trusted: ['127.0.0.1'] }), headers);
      expect(caller).toMatchObject({ kind: 'node', node: { login: 'eve@elsewhere.example' } });
    }
    passedOn = () => null;
    expect(await seen(identifier())).toEqual({ kind: 'operator' });
    expect(await seen(identifier(), FROM_ALICE_BY_SERVE)).toMatchObject(alice);
    down = true;
    expect(await seen(identifier())).toEqual({ kind: 'operator' });
  });

  it.runIf(hasProc)(
    'is asked about by connection until its browser has a proof of Serve',
    async () => {
      tun = false;
      const by = identifier();
      expect(await seen(by, FROM_ALICE_BY_SERVE)).toMatchObject(alice);
      const [, cookie = ''] =
        /^Set-Cookie: ([^;]+); Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict$/.exec(
          answered.join(),
        ) ?? [];
      expect(asked).toEqual(['127.0.0.1', '100.64.0.2']);
      const again = { ...FROM_ALICE_BY_SERVE, cookie: `theme=dark; ${cookie}; language=es` };
      expect(await seen(by, again)).toMatchObject(alice);
      expect([asked.length, answered.length]).toEqual([2, 1]);
      now += 8 * 60 * MINUTE;
      expect(await seen(by, again)).toMatchObject(alice);
      expect(answered).toHaveLength(2);
    },
  );

  it.runIf(hasProc)(
    'has no proof for an address that was not given it, nor in another process',
    async () => {
      tun = false;
      const by = identifier();
      const fromEve = { 'x-forwarded-for': '100.64.0.9' };
      await seen(by, fromEve);
      const cookie = answered.join().replace(/^Set-Cookie: |;.*/g, '');
      passedOn = () => '100.64.0.9';
      const eve = { kind: 'node', node: { login: 'eve@elsewhere.example' } };
      // Her own proof is for her own address: she is herself.
      expect(await seen(by, { ...fromEve, cookie })).toMatchObject(eve);
      for (const claimed of [cookie, cookie.replace(/=\d/, '=9'), 'observatory-by-serve=9.', '']) {
        const headers = { ...FROM_ALICE_BY_SERVE, cookie: claimed };
        expect(await seen(by, headers), claimed).toMatchObject(eve);
        expect(await seen(identifier(), headers), claimed).toMatchObject(eve);
      }
      answered = [];
      passedOn = () => null;
      await seen(identifier({}, 'another'), FROM_ALICE_BY_SERVE);
      await seen(identifier(), {});
      expect(answered).toEqual([]);
    },
  );

  // Other systems have no further addresses of loopback either.
  it.runIf(hasProc)(
    'is not looked for among the connections that tailscaled passes on at an address that it passes none on to',
    async () => {
      tun = false;
      passedOn = () => '100.64.0.9';
      expect(await seen(identifier(), {}, '127.0.0.1', '127.0.0.2')).toEqual({ kind: 'operator' });
      expect(asked).toEqual([]);
      const byServe = await seen(identifier(), FROM_ALICE_BY_SERVE, '127.0.0.1', '127.0.0.2');
      expect(byServe).toMatchObject(alice);
      expect(asked).toEqual(['100.64.0.2']);
    },
  );

  it.runIf(hasProc)(
    'stays who it was while tailscaled is away for a while, and is an error when never known',
    async () => {
      const by = identifier();
      const headers = { 'x-forwarded-for': '100.64.0.2' };
      expect(await seen(by, headers)).toMatchObject(alice);
      await seen(by, headers);
      expect(asked).toHaveLength(1);
      down = true;
      now += 5 * MINUTE;
      expect(await seen(by, headers)).toMatchObject(alice);
      now += 20 * MINUTE;
      expect(await seen(by, headers)).toBeInstanceOf(TailscaleError);
      expect(await seen(by, { 'x-forwarded-for': '100.64.0.3' })).toBeInstanceOf(TailscaleError);
    },
  );
});

describe('a replica', () => {
  const forAlice = { 'observatory-on-behalf-of': encodeURIComponent('älice@example.com') };
  const shown = (credential: string) => ({ authorization: `Bearer ${credential}` });
  const token = shown(replicaCredential(REPLICA_TOKEN, OURS));
  const fromCi = { 'x-forwarded-for': '100.64.0.3' };
  const tag = { kind: 'tag', tag: 'tag:ci' } as const;

  it('proves itself by the token that it shares with the collector', async () => {
    const replica = { kind: 'replica', name: 'replica', role: 'admin' };
    expect(await seen(identifier(), token)).toEqual({ ...replica, person: null });
    const headers = { ...token, ...forAlice };
    expect(await seen(identifier(), headers)).toEqual({ ...replica, person: 'älice@example.com' });
    expect(
      await seen(identifier({ auth: 'strict' }), { ...token, 'x-forwarded-for': '1.2.3.4' }),
    ).toMatchObject(replica);
    for (const wrong of [
      replicaCredential(`${REPLICA_TOKEN}x`, OURS),
      // What another collector was shown, and the token itself.
      replicaCredential(REPLICA_TOKEN, 'http://127.0.0.1:3001'),
      REPLICA_TOKEN,
    ]) {
      const caller = await seen(identifier(), { ...forAlice, ...shown(wrong) });
      expect(caller).toMatchObject({ code: 'unauthenticated' });
    }
  });

  it('proves itself by its device, if a tag of it is named', async () => {
    const headers = { ...fromCi, ...forAlice };
    const replica = { kind: 'replica', name: 'ci', person: 'älice@example.com' };
    const trusted = ['127.0.0.1'];
    expect(await seen(identifier({ trusted, admins: [tag] }), headers)).toEqual({
      ...{ ...replica, role: 'admin' },
    });
    expect(await seen(identifier({ trusted, viewers: [tag] }), headers)).toEqual({
      ...{ ...replica, role: 'viewer' },
    });
    expect(await seen(identifier({ trusted, admins: [tag] }), fromCi)).toMatchObject({
      kind: 'node',
    });
    // A rule for all devices of the tailnet does not single it out, so it is treated like any other device.
    const own = { kind: 'class', classification: 'own' } as const;
    expect(await seen(identifier({ trusted, admins: [own] }), headers)).toMatchObject({
      code: 'unauthenticated',
    });
  });

  it.each([
    ['the operator', {}, {}],
    ['a person', { 'x-forwarded-for': '100.64.0.2' }, { trusted: ['127.0.0.1'], admins: [tag] }],
    ['a person by Serve', FROM_ALICE_BY_SERVE, { admins: [tag] }],
    ['a caller outside the tailnet', { 'x-forwarded-for': '203.0.113.9' }, {}],
    ['everyone with AUTH=off', {}, { auth: 'off' as const }],
  ])('is not %s', async (_who, headers, settings) => {
    const caller = await seen(identifier(settings), { ...headers, ...forAlice });
    expect(caller).toMatchObject({ code: 'unauthenticated' });
  });

  it.each(['%', 'a%0ab', 'a%00', 'x'.repeat(500)])('acts for no %j', async (person) => {
    const headers = { ...token, 'observatory-on-behalf-of': person };
    expect(await seen(identifier(), headers)).toMatchObject({ code: 'forbidden' });
  });
});
