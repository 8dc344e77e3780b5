import { beforeEach, describe, expect, it } from 'vitest';
import type { Device } from '../domain/device';
import { testDevice } from '../domain/test-device';
import { TimeZone } from '../domain/time-zone';
import type { DeviceTraffic } from '../domain/traffic';
import { NO_BUDGET } from '../domain/traffic-budget';
import { SqliteFile } from '../store/sqlite/file';
import { sqliteStores } from '../store/sqlite/stores';
import { writeTraffic } from '../store/sqlite/traffic';
import { DAY, SECOND } from '../util/time';
import { parseQuery } from './query';
import { traffic, trafficCsv } from './traffic';
import { trafficQuery } from './traffic-schemas';

const ZONE = new TimeZone('Europe/Madrid');
const now = Date.now();
const today = ZONE.startOfDay(ZONE.dayOf(now));
const at = (daysAgo: number) => ZONE.startOfDay(ZONE.dayOf(now) - daysAgo) + 10 * SECOND;
const NAS = { nodeId: 'n1', hostname: 'nas', user: 'alice@example.com', userName: 'Alice' };
const GIT = { nodeId: 'n2', hostname: 'git', user: 'tag:server', userName: 'tag:server' };
const FRA = { path: 'relay', region: 'fra' } as const;

let file: SqliteFile;
beforeEach(async () => {
  file = await SqliteFile.open(':memory:');
  return () => file.close();
});

const add = async (daysAgo: number, change: Partial<DeviceTraffic> = {}, counted?: number) => {
  const span = { from: at(daysAgo) - 9 * SECOND, to: at(daysAgo) };
  const entry = { ...NAS, path: 'direct', region: null, rxBytes: 100, txBytes: 10 } as const;
  const found = {
    traffic: [{ ...entry, ...span, ...change }],
    counted: counted
      ? [{ ...span, path: change.path ?? 'direct', rxBytes: counted, txBytes: 0 }]
      : [],
    counters: { at: at(daysAgo), counted: null, devices: [] },
  };
  file.write(() => writeTraffic(file.db, found, ZONE, false));
};
const ask = async (search: string, { budget = NO_BUDGET, devices = [] as Device[] } = {}) => {
  const query = parseQuery(trafficQuery, new URLSearchParams(search));
  const instance = { rawDays: 30, timeZone: ZONE.name, trafficBudget: budget };
  const tailnet = { view: () => ({ status: { devices } }) };
  return traffic({ instance, histories: sqliteStores(file), tailnet }, query);
};
const bytes = (rx_bytes: number, tx_bytes: number) => ({ rx_bytes, tx_bytes });

describe('/analytics/traffic', () => {
  it('adds up by device, user or path, the largest first', async () => {
    await add(1);
    await add(1, GIT);
    await add(0, { ...NAS, ...FRA });
    const all = await ask('days=7');
    expect(all).toMatchObject({ total: bytes(300, 30), step_seconds: 86_400 });
    expect(all.by).toEqual([
      { key: 'n1', name: 'nas', ...bytes(200, 20) },
      { key: 'n2', name: 'git', ...bytes(100, 10) },
    ]);
    expect((await ask('days=7&by=user')).by.map(({ key, name }) => [key, name])).toEqual([
      ['alice@example.com', 'Alice'],
      ['tag:server', 'tag:server'],
    ]);
    expect((await ask('days=7&by=path')).by).toEqual([
      { key: 'direct', name: 'direct', ...bytes(200, 20) },
      { key: 'relay:fra', name: 'DERP fra', ...bytes(100, 10) },
    ]);
  });

  it('has a point for every day of the owner since counting began, those without traffic too', async () => {
    await add(3);
    await add(0, GIT);
    const { series, since, from } = await ask('days=30');
    expect(series.map(({ time }) => Date.parse(time) - today)).toEqual(
      [3, 2, 1, 0].map((daysAgo) => ZONE.startOfDay(ZONE.dayOf(now) - daysAgo) - today),
    );
    expect(series.map(({ rx_bytes }) => rx_bytes)).toEqual([100, 0, 0, 100]);
    expect(series[0]?.by).toEqual({ n1: bytes(100, 10) });
    expect(since).toBe(series[0]?.time);
    expect(Date.parse(from)).toBe(ZONE.startOfDay(ZONE.dayOf(now - 30 * DAY)));
  });

  it('has hours of a short range, as far as they are kept', async () => {
    await add(0);
    const { series, step_seconds } = await ask(`from=${new Date(today).toISOString()}`);
    expect(step_seconds).toBe(3_600);
    expect(series[0]).toMatchObject({ time: new Date(today).toISOString(), rx_bytes: 100 });
    const old = { from: now - 60 * DAY, to: now - 59 * DAY };
    const range = `from=${new Date(old.from).toISOString()}&to=${new Date(old.to).toISOString()}`;
    expect((await ask(range)).step_seconds).toBe(86_400);
  });

  it('puts together what is beyond the largest', async () => {
    await add(0, { rxBytes: 500 });
    await add(0, GIT);
    await add(0, { ...GIT, nodeId: 'n3' });
    const { series, by } = await ask('days=1&top=1');
    expect(by).toHaveLength(3);
    const [first] = series.filter(({ rx_bytes }) => rx_bytes > 0);
    expect(first?.by).toEqual({ n1: bytes(500, 10), '(other)': bytes(200, 20) });
  });

  it('filters by device, user and path, by each of several and by all others', async () => {
    await add(0);
    await add(0, GIT);
    await add(0, { ...NAS, ...FRA });
    await add(0, { ...NAS, path: 'relay', region: 'ams' });
    const total = async (search: string) => (await ask(`days=1&${search}`)).total.rx_bytes;
    expect(await total('device=nas')).toBe(300);
    expect(await total('device=n2')).toBe(100);
    expect(await total('device=!git')).toBe(300);
    expect(await total('user=alice@example.com')).toBe(300);
    expect(await total('path=relay')).toBe(200);
    expect(await total('path=relay:fra')).toBe(100);
    expect(await total('path=direct&path=relay:ams')).toBe(300);
    await expect(ask('path=pigeon')).rejects.toThrow('path');
  });

  it('finds a device by any of its names, under those it had before too', async () => {
    await add(1, { hostname: 'old-nas' });
    await add(0);
    const devices = [testDevice('n1', { name: 'nas', addresses: ['100.64.0.7'] })];
    for (const name of ['nas', '100.64.0.7', 'NAS', 'n1', 'nas.tail1234.ts.net']) {
      const { total, by } = await ask(`days=7&device=${name}`, { devices });
      expect(total.rx_bytes).toBe(200);
      expect(by.map((part) => part.name)).toEqual(['nas']);
    }
  });

  it('is checked against what tailscaled counted of the same, and of nothing else', async () => {
    await add(1, {}, 101);
    await add(0, FRA, 102);
    const checked = async (search: string) => (await ask(search)).checked_against;
    expect(await checked('days=7')).toEqual(bytes(203, 0));
    expect(await checked('days=7&path=relay')).toEqual(bytes(102, 0));
    for (const filter of ['device=n1', 'user=bob', 'path=relay:fra']) {
      expect(await checked(`days=7&${filter}`)).toBeNull();
    }
  });

  it('is not checked where tailscaled did not count, or not from the beginning', async () => {
    await add(2);
    expect((await ask('days=7')).checked_against).toBeNull();
    await add(1, {}, 100);
    expect((await ask('days=7')).checked_against).toBeNull();
  });

  it('says that nothing has been counted yet', async () => {
    expect(await ask('')).toMatchObject({
      ...{ since: null, total: bytes(0, 0), by: [], series: [], checked_against: null },
    });
  });

  it('has the budgets of this month and what is used of them, whatever is asked', async () => {
    await add(0);
    const devices = [testDevice('n1', { name: 'nas' })];
    const budget = { all: 1_000, each: 50, devices: {} };
    expect((await ask('hours=1&device=other', { budget, devices })).budgets).toEqual([
      { device_id: null, hostname: null, limit_bytes: 1_000, used_bytes: 110 },
      { device_id: 'n1', hostname: 'nas', limit_bytes: 50, used_bytes: 110 },
    ]);
  });

  it('is given as CSV, which no spreadsheet takes for a formula', async () => {
    await add(0, { hostname: '=cmd()' });
    const csv = trafficCsv(await ask('days=1'));
    const [head, ...rows] = csv.trim().split('\r\n');
    expect(head).toBe('time,key,name,rx_bytes,tx_bytes');
    expect(rows.at(-1)).toBe(`${new Date(today).toISOString()},n1,'=cmd(),100,10`);
  });
});
