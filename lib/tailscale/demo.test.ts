import { describe, expect, it } from 'vitest';
import { countDevices, unknownJudgement } from '../domain/judgement';
import { DAY, HOUR } from '../util/time';
import { demo, demoStatus } from './demo';
import { demoOnline } from './demo-behaviour';
import { demoNodes } from './demo-nodes';

const monday = Date.UTC(2026, 10, 23);
const at = (time: number) => demo({ now: () => time });

describe('the demo tailnet', () => {
  it('says the same at the same time, and something else at another', async () => {
    const noon = monday + 12 * HOUR;
    expect(await at(noon).status()).toEqual(await at(noon).status());
    expect(await at(noon).ping('100.101.102.2', { count: 5 })).toEqual(
      await at(noon).ping('100.101.102.2', { count: 5 }),
    );
    expect(await at(noon).status()).not.toEqual(await at(noon + 9 * HOUR).status());
  });

  it('has one of everything: classes, tags, offline, relayed, routes, exit node, a key about to expire', () => {
    const { devices } = demoStatus(monday + 12 * HOUR);
    expect(countDevices(devices, unknownJudgement)).toMatchObject({
      total: 16,
      own: 14,
      shared: 1,
      external: 1,
    });
    expect(devices.filter((device) => device.self)).toHaveLength(1);
    expect(devices.some((device) => device.tags.length > 0)).toBe(true);
    expect(devices.some((device) => device.exitNode)).toBe(true);
    expect(devices.some((device) => device.subnetRoutes.length > 0)).toBe(true);
    expect(devices.find((device) => device.hostname === 'old-tablet')).toMatchObject({
      online: false,
      path: 'offline',
    });
    const days = devices.map((device) => ((device.keyExpiry ?? Infinity) - monday) / DAY);
    expect(Math.min(...days)).toBeCloseTo(6.75, 1);
  });

  it('shows every path in a day', () => {
    const seen = new Set<string>();
    for (let hour = 0; hour < 24; hour++) {
      for (const device of demoStatus(monday + hour * HOUR).devices) {
        seen.add(device.path);
        expect(device.path === 'offline').toBe(!device.online);
        expect(device.endpoint !== null).toBe(
          device.path === 'direct' || device.path === 'peer_relay',
        );
        expect(device.lastSeen === null).toBe(device.online);
        expect(device.lastSeen ?? 0).toBeLessThanOrEqual(monday + hour * HOUR);
      }
    }
    expect([...seen].sort()).toEqual(['direct', 'idle', 'offline', 'peer_relay', 'relay']);
  });

  it('has counters that only grow, but for a restart every eleven days', () => {
    const restarts = new Map<string, number>();
    let before = demoStatus(monday).devices;
    for (let hour = 1; hour <= 11 * 24; hour++) {
      const after = demoStatus(monday + hour * HOUR).devices;
      for (const [index, device] of after.entries()) {
        if (device.rxBytes < (before[index]?.rxBytes ?? 0)) {
          restarts.set(device.hostname, (restarts.get(device.hostname) ?? 0) + 1);
        }
      }
      before = after;
    }
    expect(Math.max(...restarts.values())).toBe(1);
  });

  it('knows who holds each address, of both families, and nobody else', async () => {
    const tailscale = at(monday);
    for (const { addresses, id, user } of demoNodes) {
      for (const address of addresses) {
        expect(await tailscale.whois(address)).toMatchObject({ nodeId: id, user });
      }
    }
    expect(await tailscale.whois('100.64.0.1')).toBeNull();
    await expect(tailscale.whois('git')).rejects.toThrow('not an IP address');
    expect(new Set(demoNodes.flatMap((node) => node.addresses)).size).toBe(32);
  });

  it('pings as its state says: on answers, off does not, ourselves and unknown devices are refused', async () => {
    const noon = monday + 12 * HOUR;
    for (const node of demoNodes) {
      const pongs = await at(noon).ping(node.addresses[0], { count: 20 });
      const answered = pongs.filter((pong) => pong.ok).length;
      if (node.self)
        expect(pongs).toEqual([{ ok: false, error: expect.stringContaining('local') }]);
      else if (demoOnline(node, noon)) expect(answered).toBeGreaterThan(15);
      else expect(answered).toBe(0);
    }
    expect(await at(noon).ping('100.64.9.9', { count: 3 })).toEqual([
      { ok: false, error: 'no matching peer' },
    ]);
  });

  it('has laptops off at night and at the weekend, servers nearly always on', () => {
    const online = (hostname: string, times: number[]) => {
      const node = demoNodes.find((candidate) => candidate.hostname === hostname);
      return times.filter((time) => node && demoOnline(node, time)).length / times.length;
    };
    const hours = Array.from({ length: 30 * 24 }, (_, hour) => monday + hour * HOUR);
    expect(online('git', hours)).toBeGreaterThan(0.95);
    expect(online('alice-laptop', [monday + 3 * HOUR, monday + 5 * DAY + 12 * HOUR])).toBe(0);
    expect(online('alice-laptop', [monday + 12 * HOUR])).toBe(1);
  });

  it('measures its connection and names its regions', async () => {
    const [netcheck, regions] = await Promise.all([at(monday).netcheck(), at(monday).derpMap()]);
    expect(Object.keys(netcheck.regionLatencyMs)).toEqual(Object.keys(regions));
    expect(regions[netcheck.preferredDerp ?? 0]).toEqual({ code: 'fra', name: 'Frankfurt' });
  });
});
