import { describe, expect, it } from 'vitest';
import { player, SHORT_ROUNDS } from '../../../e2e/harness/tailnet/cases';

const STATS = '/health-monitoring/connection-stats/{hostname}';

describe('devices are texts apart', () => {
  const play = player();

  it('01: by machine name, and found by every name they have', async () => {
    const run = await play('01-machine-name');
    await run.until(20);
    const { devices } = await run.api('/analytics/devices');
    expect(devices.map(({ hostname, os_hostname }) => [hostname, os_hostname]).sort()).toEqual([
      ['erics-pc', 'DESKTOP-9F2K1'],
      ['monitor', 'monitor'],
      ['pixel-8', 'localhost'],
      ['production-tor1', 'ubuntu-s-1vcpu-1gb-tor1-01'],
    ]);
    for (const name of [
      'production-tor1',
      'PRODUCTION-TOR1',
      'production-tor1.tail1234.ts.net',
      'production-tor1.tail1234.ts.net.',
      'Ubuntu-S-1vcpu-1gb-tor1-01',
      'nTOR1CNTRL',
      '100.64.0.2',
      'fd7a:115c:a1e0::2',
    ]) {
      const stats = await run.api(STATS, {}, { hostname: name });
      expect([name, stats.hostname, stats.ping_stats.avg]).toEqual([name, 'production-tor1', 9]);
    }
    await run.until(120);
    expect(run.pinged()).toMatchObject({ '100.64.0.2': expect.any(Number) });
    expect(run.pinged()).toMatchObject({ '100.64.0.3': expect.any(Number) });
    expect(run.pinged()).not.toHaveProperty('100.64.0.4');
    // Listed offline but answering: no message. Once silent: one is sent.
    expect(run.messages()).toEqual([]);
    run.change({ pings: { '100.64.0.2': 'silent' } });
    await run.until(520);
    expect(run.messages().map(({ text }) => text)).toEqual([
      expect.stringContaining('production-tor1 is offline'),
    ]);
    const { firing } = await run.alerts();
    expect(firing.map(({ node_id, hostname }) => [node_id, hostname])).toEqual([
      ['nTOR1CNTRL', 'production-tor1'],
    ]);
  });

  it('02: though two have one host name', async () => {
    const run = await play('02-one-host-name-twice');
    await run.until(10);
    const average = async (hostname: string) =>
      (await run.api(STATS, {}, { hostname })).ping_stats.avg;
    expect(await average('raspberrypi')).toBe(5);
    expect(await average('raspberrypi-1')).toBe(33);
    await run.until(160);
    expect((await run.alerts()).firing.map((alert) => alert.node_id).sort()).toEqual([
      'nRP1aCNTRL',
      'nRP1bCNTRL',
    ]);
    await run.until(240);
    const { firing } = await run.alerts();
    expect(firing.map(({ node_id, hostname }) => [node_id, hostname])).toEqual([
      ['nRP1bCNTRL', 'raspberrypi-1'],
    ]);
    const texts = run.messages().map(({ text }) => text);
    expect(texts.some((text) => text.includes('raspberrypi is offline'))).toBe(true);
    expect(texts.some((text) => text.includes('raspberrypi-1 is offline'))).toBe(true);
    const usage = await run.api('/analytics/dashboard-usage');
    expect(usage.unique_devices).toBe(2);
    expect(usage.by_device).toMatchObject([
      { device: 'raspberrypi', user: 'alice@example.com', hits: 7, errors: 0 },
      { device: 'raspberrypi-1', user: 'bob@example.com', hits: 3, errors: 3 },
    ]);
    for (const device of ['raspberrypi-1', 'nRP1bCNTRL']) {
      expect((await run.api('/analytics/access-logs', { device })).total).toBe(3);
    }
    await run.until(400);
    expect((await run.alerts()).firing).toEqual([]);
  });

  it('03: when one is renamed while alerts are open', async () => {
    const run = await play('03-renamed-while-alerting', SHORT_ROUNDS);
    await run.until(70);
    expect((await run.alerts()).firing.map(({ rule }) => rule).sort()).toEqual([
      'key_expiring',
      'latency',
    ]);
    expect(run.messages()).toHaveLength(2);
    await run.until(140);
    const renamed = (await run.alerts()).firing;
    expect(renamed.map(({ rule, hostname }) => [rule, hostname]).sort()).toEqual([
      ['key_expiring', 'build-server'],
      ['latency', 'build-server'],
    ]);
    expect(run.messages()).toHaveLength(2);
    await run.until(254);
    expect((await run.alerts()).firing).toEqual([]);
    await run.restart();
    await run.until(320);
    expect((await run.alerts()).firing).toEqual([]);
    const kinds = (await run.events()).filter((event) => event.node_id === 'nBU1LDCNTRL');
    expect(kinds).toContainEqual(
      expect.objectContaining({
        kind: 'node_renamed',
        before: 'erics-work-mbp',
        after: 'build-server',
      }),
    );
    const { rounds } = await run.api(
      '/health-monitoring/uptime/{hostname}',
      { hours: '1' },
      { hostname: 'build-server' },
    );
    expect(rounds.direct).toBeGreaterThanOrEqual(7);
  });

  it('04: when one is reinstalled under its name', async () => {
    const run = await play('04-reinstalled-under-its-name');
    await run.until(150);
    const stats = await run.api(STATS, {}, { hostname: 'grafana-1' });
    expect(stats.id).toBe('nGRAFbCNTRL');
    await run.until(225);
    const { firing } = await run.alerts();
    const outages = firing.filter(({ rule }) => rule === 'offline');
    expect(outages.map(({ node_id }) => node_id).sort()).toEqual(['nGRAFaCNTRL', 'nGRAFbCNTRL']);
    const texts = run.messages().map(({ text }) => text);
    expect(texts.some((text) => text.includes('grafana-1 is offline'))).toBe(true);
    await run.until(300);
    const after = await run.alerts();
    expect(after.firing.filter(({ rule }) => rule === 'offline')).toEqual([]);
    const old = after.history.find((alert) => alert.node_id === 'nGRAFaCNTRL');
    expect(JSON.stringify(old?.evidence)).toContain('removed from the tailnet');
  });

  it('05: when one shared in has the name of ours', async () => {
    const run = await play('05-shared-in-with-our-name');
    await run.until(15);
    const average = async (hostname: string) =>
      (await run.api(STATS, {}, { hostname })).ping_stats.avg;
    expect(await average('nas')).toBe(5);
    expect(await average('nas.tail9999.ts.net')).toBe(77);
    run.requests.length = 0;
    await run.until(400);
    expect(Object.keys(run.pinged())).toEqual(['100.64.0.2']);
    expect((await run.alerts()).open).toEqual([]);
    expect(run.messages()).toEqual([]);
  });

  it('34: when one calls itself by the id of another', async () => {
    const run = await play('34-host-name-that-is-an-id');
    await run.until(20);
    const uptime = await run.api(
      '/health-monitoring/uptime/{hostname}',
      {},
      {
        hostname: 'nDBxxxCNTRL',
      },
    );
    expect(uptime.hostname).toBe('db');
    const stats = await run.api(STATS, {}, { hostname: 'nDBxxxCNTRL' });
    expect(stats.hostname).toBe('db');
    expect(Object.keys(run.pinged())).toEqual(['100.64.0.2']);
  });

  it('33: our own is a device, without a path', async () => {
    const run = await play('33-own-node-asked-for');
    await run.until(20);
    const stats = await run.api(STATS, {}, { hostname: 'monitor' });
    expect(stats).toMatchObject({
      self: true,
      connection_stats: { connection_type: 'unknown' },
      ping_stats: { sent: 0, loss: null },
    });
    expect(run.pinged()).not.toHaveProperty('100.64.0.1');
  });

  it('35: one that was removed can still be read', async () => {
    const run = await play('35-removed-node', SHORT_ROUNDS);
    await run.until(70);
    expect((await run.alerts()).firing).toHaveLength(1);
    await run.until(110);
    expect((await run.alerts()).firing).toEqual([]);
    const left = (await run.events()).filter(({ kind }) => kind === 'node_removed');
    expect(left.map(({ node_id, hostname }) => [node_id, hostname])).toEqual([
      ['nNASxxCNTRL', 'nas'],
    ]);
    for (const hostname of ['nNASxxCNTRL', 'nas']) {
      const uptime = await run.api('/health-monitoring/uptime/{hostname}', {}, { hostname });
      expect(uptime.hostname).toBe('nas');
      expect(uptime.spans.length).toBeGreaterThan(0);
      const history = await run.api(
        '/health-monitoring/latency-history/{hostname}',
        {},
        {
          hostname,
        },
      );
      expect(history.history.length).toBeGreaterThan(0);
      const events = await run.api('/health-monitoring/events', { node: hostname });
      expect(events.events[0]?.kind).toBe('node_removed');
    }
  });

  it('35: one that was removed while the product was stopped', async () => {
    const run = await play('35-removed-node', SHORT_ROUNDS);
    await run.until(70);
    expect((await run.alerts()).firing).toHaveLength(1);
    await run.restart();
    await run.until(110);
    expect((await run.alerts()).firing).toEqual([]);
    const left = (await run.events()).filter(({ kind }) => kind === 'node_removed');
    expect(left).toHaveLength(1);
  });
});
