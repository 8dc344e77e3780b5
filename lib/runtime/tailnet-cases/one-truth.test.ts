import { describe, expect, it } from 'vitest';
import { player, SHORT_ROUNDS } from '../../../e2e/harness/tailnet/cases';
import type { Played } from '../../../e2e/harness/tailnet/product';

/** Returns what each answer says of a device. */
async function everywhere(run: Played, id: string) {
  const { devices, counts } = await run.api('/analytics/devices');
  const { nodes } = await run.api('/health-monitoring/nodes');
  const summary = await run.api('/health-monitoring/summary');
  const device = devices.find((one) => one.id === id);
  const node = nodes.find((one) => one.id === id);
  return {
    online: [device?.online, node?.online],
    path: [device?.path, node?.path],
    counted: [counts.online, await run.metric('devices_online'), summary.online + 1],
  };
}

describe('what is said of a device is one truth', () => {
  const play = player();

  it('06: Funnel ingress nodes are no devices', async () => {
    const run = await play('06-funnel-ingress');
    for (const at of [10, 60, 110]) {
      await run.until(at);
      const { counts } = await run.api('/analytics/devices');
      expect(counts).toMatchObject({ total: 3, own: 2, shared: 0, external: 1 });
      const quota = await run.api('/analytics/quota-status');
      expect(quota.external_users.used).toBe(1);
    }
    expect((await run.events()).map(({ kind }) => kind)).toEqual([]);
  });

  it('07: a device that answers is up, whatever the coordination server says', async () => {
    const run = await play('07-offline-but-answers', SHORT_ROUNDS);
    await run.until(200);
    expect(await everywhere(run, 'nPR0DdCNTRL')).toEqual({
      online: [true, true],
      path: ['direct', 'direct'],
      counted: [3, 3, 3],
    });
    expect((await run.alerts()).open).toEqual([]);
    const hostname = 'prod-db';
    const { uptime, rounds } = await run.api(
      '/health-monitoring/uptime/{hostname}',
      {},
      { hostname },
    );
    expect([uptime, rounds.offline]).toEqual([1, 0]);
    const events = (await run.events()).filter((event) => event.node_id === 'nPR0DdCNTRL');
    expect(events.map(({ kind }) => kind)).toEqual(['control_lost']);
    const { devices } = await run.api('/analytics/devices');
    expect(devices.find((device) => device.hostname === hostname)?.seen_by_control).toBe(false);
  });

  it('08: a device that answers nothing is down, whatever the coordination server says', async () => {
    const run = await play('08-online-but-dead', SHORT_ROUNDS);
    await run.until(130);
    expect(await everywhere(run, 'nEDGE7CNTRL')).toEqual({
      online: [false, false],
      path: ['offline', 'offline'],
      counted: [2, 2, 2],
    });
    const { devices } = await run.api('/analytics/devices');
    const edge = devices.find(({ hostname }) => hostname === 'edge-7');
    const ago = Date.now() - Date.parse(edge?.last_seen ?? '');
    expect(ago).toBeGreaterThan(90_000);
    expect(ago).toBeLessThan(135_000);
    expect(run.messages()).toHaveLength(1);
    expect(run.messages()[0]?.text).toContain('edge-7 is offline');
    const [offline] = (await run.events()).filter(({ kind }) => kind === 'node_offline');
    const silentSince = offline?.at ?? 0;
    expect(run.messages()[0]?.at).toBeGreaterThanOrEqual(silentSince + 30);
    expect(run.messages()[0]?.at).toBeLessThanOrEqual(silentSince + 60);
    await run.until(172);
    expect((await everywhere(run, 'nEDGE7CNTRL')).online).toEqual([true, true]);
    expect(run.messages()).toHaveLength(2);
  });

  it('17: a DERP region without a code is a relay all the same', async () => {
    const run = await play('17-derp-region-without-a-code', SHORT_ROUNDS);
    await run.until(40);
    const stats = await run.api(
      '/health-monitoring/connection-stats/{hostname}',
      {},
      {
        hostname: 'cn-office',
      },
    );
    expect(stats.connection_stats).toMatchObject({ connection_type: 'relay', relay_node: '900' });
    await run.until(170);
    const distribution = await run.api('/health-monitoring/path-distribution');
    const office = distribution.nodes.find(({ hostname }) => hostname === 'cn-office');
    expect(office?.rounds).toMatchObject({ direct: 0, relay: expect.any(Number) });
    expect(run.messages().map(({ text }) => text)).toEqual([
      expect.stringContaining('nas is relayed'),
    ]);
  });

  it('18: the path that is used is what is shown, averaged and judged', async () => {
    const run = await play('18-first-pong-by-derp', SHORT_ROUNDS);
    await run.until(100);
    for (const hostname of ['web', 'far-nas']) {
      const stats = await run.api(
        '/health-monitoring/connection-stats/{hostname}',
        {},
        { hostname },
      );
      expect(stats.connection_stats.connection_type).toBe('direct');
      expect(stats.ping_stats.avg).toBeGreaterThan(11);
      expect(stats.ping_stats.avg).toBeLessThan(13);
      expect(stats.ping_stats.jitter).toBeLessThan(2);
    }
    const { nodes } = await run.api('/health-monitoring/nodes');
    for (const { path, latency_ms } of nodes) {
      expect(path).toBe('direct');
      expect(latency_ms).toBeLessThan(13);
    }
    expect((await run.alerts()).open).toEqual([]);
  });

  it('32: tagged devices without a user have their name and tag, and are no person', async () => {
    const run = await play('32-tagged-without-a-user');
    const usage = await once(
      () => run.api('/analytics/dashboard-usage'),
      ({ by_device }) => by_device.every(({ user }) => user !== 'unknown'),
      (attempt) => run.until(20 + attempt * 5),
    );
    expect(usage.by_device.map(({ device, user, hits }) => [device, user, hits])).toEqual([
      ['beta', 'tag:server', 3],
      ['gamma', 'tag:server', 2],
      ['desk', 'alice@example.com', 1],
    ]);
    expect(usage).toMatchObject({ people: 1, servers: 2, unnamed_addresses: 0 });
    const quota = await run.api('/analytics/quota-status');
    expect(quota.users.used).toBe(1);
  });

  it('36: headscale has users in the names, or no MagicDNS', async () => {
    const run = await play('36-headscale-users-in-names');
    await run.until(15);
    const classes = async () => {
      const { devices } = await run.api('/analytics/devices');
      return devices.map(({ hostname, classification }) => `${hostname} ${classification}`).sort();
    };
    expect(await classes()).toEqual(['cam shared', 'db own', 'laptop own', 'monitor own']);
    expect(Object.keys(run.pinged())).toEqual(['100.64.0.3']);
    await run.until(40);
    expect(await classes()).toEqual(['db own', 'laptop own', 'monitor own']);
  });

  it('31: the exit node in use is told apart from one that is offered, and its loss is an alert', async () => {
    const run = await play('31-exit-node-offline');
    await run.until(10);
    const { devices } = await run.api('/analytics/devices');
    const exits = devices.filter((device) => device.exit_node);
    expect(
      exits.map(({ hostname, exit_node_in_use }) => [hostname, exit_node_in_use]).sort(),
    ).toEqual([
      ['exit-vps', true],
      ['other-exit', false],
    ]);
    await run.until(104);
    expect(run.messages()).toHaveLength(1);
    expect(run.messages()[0]?.text).toMatch(/exit node.*exit-vps|exit-vps.*exit node/i);
    const { status, problems } = await run.api('/healthz');
    expect(status).toBe('degraded');
    expect(JSON.stringify(problems)).toContain('exit-vps');
  });

  it('30: the failover of a subnet router is an event, a route that nobody has an alert', async () => {
    const run = await play('30-subnet-router-failover');
    await run.until(90);
    const moved = (await run.events()).filter(({ kind }) => kind === 'route_moved');
    expect(moved).toMatchObject([
      { before: '10.20.0.0/16 by router-a', after: '10.20.0.0/16 by router-b' },
    ]);
    await run.until(220);
    const events = await run.events();
    expect(events.filter(({ kind }) => kind === 'route_lost')).toHaveLength(1);
    const { firing } = await run.alerts();
    expect(firing.map(({ rule }) => rule)).toContain('route_lost');
    expect(run.messages().at(-1)?.text).toContain('10.20.0.0/16');
    run.change({ peers: { nR0UTaCNTRL: { PrimaryRoutes: ['10.20.0.0/16'] } } });
    await run.until(300);
    expect((await run.alerts()).firing.map(({ rule }) => rule)).not.toContain('route_lost');
    expect((await run.events()).map(({ kind }) => kind)).toContain('route_back');
  });
});

/** Asks again, after `goOn`, until the answer is as wanted, up to 10 times: a separate job runs whois. */
async function once<T>(
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
  goOn: (attempt: number) => Promise<void>,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    await goOn(attempt);
    const answer = await ask();
    if (wanted(answer) || attempt === 10) return answer;
  }
}
