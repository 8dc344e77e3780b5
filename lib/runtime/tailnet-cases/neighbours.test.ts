import { describe, expect, it } from 'vitest';
import { player, SHORT_ROUNDS } from '../../../e2e/harness/tailnet/cases';
import type { Played } from '../../../e2e/harness/tailnet/product';

const QUICK = { ...SHORT_ROUNDS, OFFLINE_ALERT_SECONDS: '30' };
const peer = (name: string, i: number, more: object = {}) => ({
  HostName: name,
  DNSName: `${name}.tail1234.ts.net.`,
  TailscaleIPs: [`100.64.0.${i}`],
  ...more,
});
const THREE = { nA: peer('web-a', 2), nB: peer('web-b', 3), nC: peer('web-c', 4) };
const HANG = { kind: 'hang' } as const;
const VIP = ['100.101.5.5/32', 'fd7a:115c:a1e0::8d36:505/128'];

const kindsOf = async (run: Played) => (await run.events()).map(({ kind }) => kind);
const rulesOf = async (run: Played) => {
  const { open, history } = await run.alerts();
  return [...open, ...history].map(({ rule }) => rule);
};
const textsOf = (run: Played) => run.messages().map(({ text }) => text.split('\n')[0]);
const nodeOf = async (run: Played, id: string) =>
  (await run.api('/health-monitoring/nodes')).nodes.find((node) => node.id === id);

describe('silence that is not the devices’', () => {
  const play = player();

  it.each([
    [45, 60],
    [45, 12],
    [88, 60],
    [93, 14],
    [270, 60],
    [292, 60],
  ])('a tailscaled that hangs from %i s on, for %i s, takes no device down', async (at, length) => {
    const run = await play({ steps: [{ at: 0, peers: THREE }] });
    await run.until(at);
    run.break('*', HANG);
    await run.until(at + length);
    run.break('*', null);
    await run.until(at + length + 60);
    const kinds = new Set(await kindsOf(run));
    expect([...kinds].filter((kind) => !kind.startsWith('tailscaled_'))).toEqual([]);
    const rules = await rulesOf(run);
    expect(rules.filter((rule) => rule === 'offline' || rule === 'unstable')).toEqual([]);
    for (const id of Object.keys(THREE)) {
      expect(await nodeOf(run, id)).toMatchObject({ state: 'online', path: 'direct' });
    }
  });

  it('a peer whose key has expired is refused at once, and is pinged no more often for it', async () => {
    const run = await play({ steps: [{ at: 0, peers: THREE }] }, QUICK);
    await run.until(60);
    run.change({
      peers: { nA: { Expired: true, KeyExpiry: 'now-10s', Online: false } },
      pings: { '100.64.0.2': { err: "peer's node key has expired" } },
    });
    const before = run.pinged()['100.64.0.2'] ?? 0;
    await run.until(180);
    expect((run.pinged()['100.64.0.2'] ?? 0) - before).toBeLessThan(30);
    expect(textsOf(run)).toEqual([
      expect.stringContaining('key of web-a has expired'),
      expect.stringContaining('web-a is offline'),
    ]);
  });

  it('a device that tailscaled refuses to ping is what the coordination server says', async () => {
    const steps = [{ at: 0, peers: THREE, pings: { '100.64.0.2': { err: 'no disco support' } } }];
    const run = await play({ steps }, QUICK);
    await run.until(60);
    run.change({ peers: { nA: { Online: false } } });
    await run.until(150);
    expect(await kindsOf(run)).toEqual(['node_offline']);
    expect(textsOf(run)).toEqual([expect.stringContaining('web-a is offline')]);
    run.change({ peers: { nA: { Online: true } } });
    await run.until(200);
    expect(textsOf(run).at(-1)).toContain('web-a is back online');
  });
});

describe('jobs that need the tailnet', () => {
  const play = player();
  const VISIT = { visits: [{ from: '100.64.0.2', hits: 1, status: 200 }] };
  const REFUSED = { kind: 'answer', status: 500, body: 'no' } as const;
  const failing = async (run: Played) =>
    (await rulesOf(run)).filter((rule) => rule === 'collector_failing').length;

  it('that fail before our own device is known to be out of it open no alert', async () => {
    const run = await play({ steps: [{ at: 0, peers: THREE }] });
    await run.until(64);
    await run.change({ socket: 'gone' });
    for (let at = 65; at < 130; at += 5) {
      await run.until(at);
      expect([at, await failing(run)]).toEqual([at, 0]);
    }
    expect(await rulesOf(run)).toEqual(['tailscaled_unreachable']);
  });

  it('that fail while it is stopped open none either', async () => {
    const run = await play({ steps: [{ at: 0, peers: THREE }] });
    await run.until(64);
    run.break('whois', REFUSED);
    await run.change({ ...VISIT, status: { BackendState: 'Stopped' }, self: { Online: false } });
    for (let at = 70; at < 110; at += 5) {
      await run.until(at);
      expect([at, await failing(run)]).toEqual([at, 0]);
    }
  });

  it('that fail beside a tailscaled that has never answered do, since nothing else says so', async () => {
    const run = await play({ steps: [{ at: 0, peers: THREE, socket: 'gone' }] });
    await run.until(200);
    expect(await failing(run)).toBeGreaterThan(0);
  });

  it('that fail while it is in the tailnet do', async () => {
    const run = await play({ steps: [{ at: 0, peers: THREE }] });
    await run.until(64);
    run.break('whois', REFUSED);
    await run.change(VISIT);
    // Once the hit is read.
    await run.until(70);
    await run.until(200);
    expect(await failing(run)).toBe(1);
    expect(textsOf(run)).toEqual([expect.stringContaining('identify_visitors')]);
  });
});

describe('one truth about the exit node, and no routes that are none', () => {
  const play = player();
  const used = (Online: boolean) => ({ ExitNodeStatus: { ID: 'nEXIT', Online } });
  const WITH_EXIT = {
    ...THREE,
    nEXIT: peer('exit-vps', 9, { ExitNode: true, ExitNodeOption: true }),
  };
  const everywhere = async (run: Played) => {
    const { problems } = await run.api('/healthz');
    const { exit_node } = await run.api('/analytics/devices');
    const { firing } = await run.alerts();
    return {
      healthz: problems.some(({ part }) => part === 'exit_node'),
      online: exit_node?.online,
      alert: firing.some(({ rule }) => rule === 'exit_node_lost'),
    };
  };

  it('that is listed as offline, but answers', async () => {
    const run = await play({ steps: [{ at: 0, status: used(true), peers: WITH_EXIT }] }, QUICK);
    await run.until(60);
    const pings = { '100.64.0.9': { ms: 8 } };
    run.change({ status: used(false), peers: { nEXIT: { Online: false } }, pings });
    await run.until(160);
    expect(await everywhere(run)).toEqual({ healthz: false, online: true, alert: false });
  });

  it('that is listed as online, but is dead', async () => {
    const run = await play({ steps: [{ at: 0, status: used(true), peers: WITH_EXIT }] }, QUICK);
    await run.until(60);
    run.change({ pings: { '100.64.0.9': 'silent' } });
    await run.until(160);
    expect(await everywhere(run)).toEqual({ healthz: true, online: false, alert: true });
  });

  it('that was removed keeps its name', async () => {
    const run = await play({ steps: [{ at: 0, status: used(true), peers: WITH_EXIT }] }, QUICK);
    await run.until(60);
    run.change({ status: used(false), peers: { nEXIT: null } });
    await run.until(160);
    expect(textsOf(run)).toEqual([expect.stringContaining('exit-vps')]);
    expect(await everywhere(run)).toEqual({ healthz: true, online: false, alert: true });
  });

  it('a subnet router that was removed keeps its name', async () => {
    const router = { nR: peer('gateway', 9, { PrimaryRoutes: ['10.2.0.0/16'] }) };
    const run = await play({ steps: [{ at: 0, peers: { ...THREE, ...router } }] }, QUICK);
    await run.until(60);
    run.change({ peers: { nR: null } });
    await run.until(120);
    expect(run.messages()[0]?.text).toContain('Last routed by: gateway');
  });

  it('the addresses of a Tailscale Service are no subnets, whichever host has them', async () => {
    const served = (i: number) => ({ AllowedIPs: [`100.64.0.${i}/32`, ...VIP] });
    const alone = (i: number) => ({ AllowedIPs: [`100.64.0.${i}/32`] });
    const run = await play({ steps: [{ at: 0, peers: THREE }] }, QUICK);
    run.change({ peers: { nA: served(2) } });
    await run.until(60);
    run.change({ peers: { nA: alone(2), nB: served(3) } });
    await run.until(120);
    run.change({ peers: { nB: alone(3) } });
    await run.until(200);
    expect(await kindsOf(run)).toEqual([]);
    expect(await rulesOf(run)).toEqual([]);
    const site = 'fd7a:115c:a1e0:b1a:0:7:a01:100/128';
    run.change({ peers: { nB: { PrimaryRoutes: ['10.9.0.0/24', site, ...VIP] } } });
    await run.until(220);
    const { devices } = await run.api('/analytics/devices');
    expect(devices.find(({ id }) => id === 'nB')?.subnet_routes).toEqual(['10.9.0.0/24', site]);
  });
});

describe('when a device was last seen', () => {
  const play = player();

  it('is when it last answered, not when a list that was out of date had it', async () => {
    const run = await play({ steps: [{ at: 0, peers: THREE }] }, QUICK);
    await run.until(40);
    run.change({ self: { Online: false } });
    await run.until(300);
    run.change({ pings: { '100.64.0.2': 'silent' } });
    await run.until(600);
    run.change({ self: { Online: true }, peers: { nA: { Online: false } } });
    await run.until(640);
    const { last_seen } = (await nodeOf(run, 'nA')) ?? {};
    expect(Date.now() - Date.parse(last_seen ?? '')).toBeGreaterThan(335_000);
  });

  it('is not in the future', async () => {
    const phone = peer('phone', 9, { OS: 'iOS', Online: false, LastSeen: 'now+3h' });
    const run = await play({ steps: [{ at: 0, peers: { ...THREE, nPH: phone } }] });
    await run.until(20);
    const { last_seen } = (await nodeOf(run, 'nPH')) ?? {};
    expect(Date.parse(last_seen ?? '')).toBeLessThanOrEqual(Date.now());
  });
});

describe('names, and a status without our own device', () => {
  const play = player();
  const THEIRS = {
    ...peer('monitor', 9),
    DNSName: 'monitor.tail9999.ts.net.',
    UserID: 3001,
  };

  it('our own device’s name in CRITICAL_NODES does not mean another’s', async () => {
    const settings = { ...QUICK, CRITICAL_NODES: 'monitor,web-a' };
    const run = await play({ steps: [{ at: 0, peers: { ...THREE, nM: THEIRS } }] }, settings);
    await run.until(60);
    run.change({ peers: { nM: { Online: false } } });
    await run.until(150);
    expect(Object.keys(run.pinged())).toEqual(['100.64.0.2']);
    expect(run.messages()).toEqual([]);
  });

  it('before the network map is there, no name is said to match nothing', async () => {
    const settings = { ...QUICK, CRITICAL_NODES: 'web-a', LOG_LEVEL: 'info' };
    const out = { status: { BackendState: 'NoState' }, self: { ID: '', Online: false } };
    const run = await play({ steps: [{ at: 0, ...out }] }, settings);
    const said = async () =>
      (await run.logLines()).filter(({ message }) => message.includes('matches no device'));
    await run.until(40);
    run.change({
      status: { BackendState: 'Running' },
      self: { ID: 'nSELF1CNTRL', Online: true },
      peers: THREE,
    });
    await run.until(80);
    expect(await said()).toEqual([]);
    run.change({ peers: { nA: null } });
    await run.until(120);
    expect(await said()).toHaveLength(1);
  });

  it('a network map without our own device is none', async () => {
    const run = await play({ steps: [{ at: 0, peers: THREE }] }, QUICK);
    await run.until(45);
    run.change({ self: { ID: '' } });
    await run.until(120);
    expect(await run.api('/healthz')).toMatchObject({ status: 'degraded' });
    expect(textsOf(run)).toEqual([expect.stringContaining('no state')]);
    run.change({ self: 'as at 0' });
    await run.until(160);
    expect(await run.api('/healthz')).toMatchObject({ status: 'ok' });
    expect(await kindsOf(run)).toEqual(['own_device', 'own_device']);
  });

  it('the id of a device that left may be in any case', async () => {
    const run = await play({ steps: [{ at: 0, peers: THREE }] }, QUICK);
    await run.until(45);
    run.change({ peers: { nA: null } });
    await run.until(70);
    for (const hostname of ['nA', 'NA', 'WEB-A.']) {
      const uptime = await run.api('/health-monitoring/uptime/{hostname}', {}, { hostname });
      expect([uptime.id, uptime.hostname, uptime.in_tailnet]).toEqual(['nA', 'web-a', false]);
    }
  });
});
