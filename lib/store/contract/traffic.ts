import { describe, expect, it } from 'vitest';
import type { CountedTraffic, DeviceTraffic, SeenCounters } from '../../domain/traffic';
import { DAY, HOUR, MINUTE, SECOND } from '../../util/time';
import type { Stores } from '../ports/stores';
import type { TrafficChange } from '../ports/traffic';
import { type Open, openedPerTest } from './opened';
import { T0 } from './samples';

const NAS = { nodeId: 'n1', hostname: 'nas', user: 'alice@example.com', userName: 'Alice' };
const GIT = { nodeId: 'n2', hostname: 'git', user: 'tag:server', userName: 'tag:server' };

const travelled = (at: number, change: Partial<DeviceTraffic> = {}): DeviceTraffic => ({
  ...{ ...NAS, path: 'direct', region: null, rxBytes: 100, txBytes: 10 },
  ...{ from: at - 10 * SECOND, to: at },
  ...change,
});
const seen = (nodeId: string, rxBytes: number, run: string | null = 'a'): SeenCounters => ({
  ...{ nodeId, run, rxBytes, txBytes: 1 },
});
const aLook = (
  at: number,
  traffic: DeviceTraffic[],
  counted: CountedTraffic[] = [],
  devices: SeenCounters[] = [],
): TrafficChange => ({ traffic, counted, counters: { at, counted: null, devices } });

/** The requirements of every `TrafficStore`. */
export function trafficContract(name: string, open: Open<keyof Stores>): void {
  describe(`${name} as a store of traffic`, () => {
    const opened = openedPerTest(open);
    const all = { from: T0 - 10 * DAY, to: T0 + 10 * DAY };
    const look = (minutes: number, ...traffic: Partial<DeviceTraffic>[]) => {
      const at = T0 + minutes * MINUTE + 10 * SECOND;
      const entries = traffic.map((change) => travelled(at, change));
      return opened.stores.traffic.addTraffic(aLook(at, entries));
    };
    const sums = async (step: 'hour' | 'day', ids: string[] | null = null, range = all) => {
      const found = await opened.stores.traffic.trafficSums(step, range, ids);
      return found
        .map((sum) => [(sum.start - T0) / HOUR, sum.hostname, sum.path, sum.rxBytes, sum.txBytes])
        .sort((a, b) => (String(a) < String(b) ? -1 : 1));
    };

    it('has nothing before the first look', async () => {
      expect(await opened.stores.traffic.lastCounters()).toBeNull();
      expect(await opened.stores.traffic.trafficSince()).toBeNull();
      expect(await sums('day')).toEqual([]);
    });

    it('adds up hours and days, by device and path', async () => {
      await look(0, {}, { ...GIT, rxBytes: 7 });
      await look(2, {});
      await look(90, {}, { path: 'relay', region: 'fra', rxBytes: 2 ** 41 });
      await look(24 * 60, { txBytes: 0 });
      expect(await sums('hour')).toEqual([
        [0, 'git', 'direct', 7, 10],
        [0, 'nas', 'direct', 200, 20],
        [1, 'nas', 'direct', 100, 10],
        [1, 'nas', 'relay', 2 ** 41, 10],
        [24, 'nas', 'direct', 100, 0],
      ]);
      expect(await sums('day')).toEqual([
        [0, 'git', 'direct', 7, 10],
        [0, 'nas', 'direct', 300, 30],
        [0, 'nas', 'relay', 2 ** 41, 10],
        [24, 'nas', 'direct', 100, 0],
      ]);
      expect(await opened.stores.traffic.trafficSince()).toBe(T0);
    });

    it('adds up what travelled in all, which neither a restart nor retention takes back', async () => {
      await look(0, {}, { ...GIT, rxBytes: 7 });
      await look(60, { path: 'relay', region: 'fra' }, { user: 'bob@example.com' });
      await look(90, { path: 'relay', region: 'nyc' });
      await opened.reopen();
      await opened.stores.maintenance.prune(T0 + 900 * DAY, { rawDays: 1, rollupDays: 1 });
      await look(900 * 24 * 60, { ...GIT, rxBytes: 1, txBytes: 0 });
      expect(await opened.stores.traffic.trafficTotals()).toEqual([
        { nodeId: 'n1', path: 'direct', rxBytes: 200, txBytes: 20 },
        { nodeId: 'n1', path: 'relay', rxBytes: 200, txBytes: 20 },
        { nodeId: 'n2', path: 'direct', rxBytes: 8, txBytes: 10 },
      ]);
    });

    it('forgets what travelled with devices that have not been seen for 90 days', async () => {
      const at = T0 + 10 * SECOND;
      const entries = [travelled(at), travelled(at, GIT)];
      const { traffic, maintenance } = opened.stores;
      await traffic.addTraffic(aLook(at, entries, [], [seen('n1', 1)]));
      await traffic.addTraffic(aLook(at + 80 * DAY, [], [], [seen('n2', 1)]));
      await maintenance.prune(at + 100 * DAY, { rawDays: 30, rollupDays: 730 });
      const totals = await traffic.trafficTotals();
      expect(totals.map(({ nodeId }) => nodeId)).toEqual(['n2']);
    });

    it('gives device, user, path and region of each sum, oldest first', async () => {
      await look(65, { path: 'relay', region: 'fra' });
      await look(0, GIT);
      const found = await opened.stores.traffic.trafficSums('hour', all, null);
      expect(found).toEqual([
        { ...GIT, start: T0, path: 'direct', region: null, rxBytes: 100, txBytes: 10 },
        { ...NAS, start: T0 + HOUR, path: 'relay', region: 'fra', rxBytes: 100, txBytes: 10 },
      ]);
    });

    it('keeps apart what was whose, when a device changes hands or its name', async () => {
      await look(0, {});
      await look(5, { user: 'bob@example.com', userName: 'Bob' });
      await look(9, { hostname: 'nas-1' });
      const found = await opened.stores.traffic.trafficSums('day', all, ['n1']);
      expect(found.map(({ hostname, user }) => `${hostname} ${user}`).sort()).toEqual([
        'nas alice@example.com',
        'nas bob@example.com',
        'nas-1 alice@example.com',
      ]);
    });

    it('gives the periods that begin in a range, of the devices asked for', async () => {
      await look(0, {}, GIT);
      await look(60, {});
      await look(120, {});
      const range = { from: T0 + HOUR, to: T0 + 2 * HOUR };
      expect(await sums('hour', null, range)).toEqual([[1, 'nas', 'direct', 100, 10]]);
      expect(await sums('day', ['n2'])).toEqual([[0, 'git', 'direct', 100, 10]]);
      expect(await sums('day', ['n2', 'n1'])).toHaveLength(2);
      expect(await sums('day', [])).toEqual([]);
    });

    it('spreads what was counted after a gap over it, and loses no byte', async () => {
      const at = T0 + 2 * HOUR;
      const gap = travelled(at, { from: T0 - HOUR, rxBytes: 3_000, txBytes: 0 });
      await opened.stores.traffic.addTraffic(aLook(at, [gap]));
      expect(await sums('hour')).toEqual([
        [-1, 'nas', 'direct', 1_000, 0],
        [0, 'nas', 'direct', 1_000, 0],
        [1, 'nas', 'direct', 1_000, 0],
      ]);
      expect(await sums('day')).toEqual([
        [-24, 'nas', 'direct', 1_000, 0],
        [0, 'nas', 'direct', 2_000, 0],
      ]);
    });

    it('keeps what tailscaled counted apart from what was counted of devices', async () => {
      const span = { from: T0, to: T0 + 10 * SECOND };
      const counted = { ...span, path: 'relay', rxBytes: 5, txBytes: 6 } as const;
      await opened.stores.traffic.addTraffic(aLook(span.to, [travelled(span.to)], [counted]));
      expect(await opened.stores.traffic.countedSums('hour', all)).toEqual([
        { start: T0, path: 'relay', rxBytes: 5, txBytes: 6 },
      ]);
      expect(await opened.stores.traffic.countedSums('day', all)).toHaveLength(1);
      expect(await sums('day')).toHaveLength(1);
    });

    it('has what was last seen after a restart: counters that changed, and the others as before', async () => {
      const { traffic } = opened.stores;
      await traffic.addTraffic(aLook(T0, [], [], [seen('n1', 5), seen('n2', 6, null)]));
      const counted = { run: 'b', byPath: { direct: { rxBytes: 1, txBytes: 2 } } };
      const counters = { at: T0 + 1, counted, devices: [seen('n1', 2 ** 45, 'b')] };
      await traffic.addTraffic({ traffic: [], counted: [], counters });
      await opened.reopen();
      const restored = await opened.stores.traffic.lastCounters();
      expect(restored).toMatchObject({ at: T0 + 1, counted });
      expect([...(restored?.devices.values() ?? [])]).toEqual([
        seen('n1', 2 ** 45, 'b'),
        seen('n2', 6, null),
      ]);
    });

    it('keeps hours as long as single hits, days as long as roll-ups, counters for 90 days', async () => {
      const { traffic, maintenance } = opened.stores;
      await traffic.addTraffic(
        aLook(T0 + 10 * SECOND, [travelled(T0 + 10 * SECOND)], [], [seen('n1', 5)]),
      );
      const prune = (days: number, rawDays: number, rollupDays: number) =>
        maintenance.prune(T0 + days * DAY, { rawDays, rollupDays });
      await prune(40, 50, 100);
      expect([await sums('hour'), await sums('day')].map(({ length }) => length)).toEqual([1, 1]);
      await prune(40, 30, 100);
      expect(await sums('day')).toHaveLength(1);
      expect((await traffic.lastCounters())?.devices.size).toBe(1);
      await prune(95, 30, 100);
      expect((await traffic.lastCounters())?.devices.size).toBe(0);
    });
  });
}
