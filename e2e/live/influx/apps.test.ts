import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AlertsResponse } from '../../../lib/api/health-schemas';
import { DAY, HOUR, MINUTE, SECOND } from '../../../lib/util/time';
import { type RunningApp, startApp } from '../../harness/app';
import { lab } from '../../harness/lab';
import { until } from '../../harness/process';
import { faultyProxy } from './faulty-proxy';
import { cleanUps, folder, get, influxEnv, lines, NOW, settled, start, stopAll } from './fleet';
import { ownBuckets } from './lab-influx';

const tailnet = lab();

const PAGES = [
  '/vpn',
  '/vpn/health',
  '/vpn/accesses',
  '/vpn/devices/git',
  '/vpn/models',
  '/metrics',
];

/** Each sees a device come or go at a moment of its own: what they say of devices now is the same soon after. */
const soon = (same: () => Promise<void>) => vi.waitFor(same, { timeout: 20_000, interval: SECOND });

describe('the same log in SQLite and in InfluxDB', () => {
  let sqlite: RunningApp;
  let influx: RunningApp;
  let replica: RunningApp;
  beforeAll(async () => {
    const logs = await folder();
    const buckets = await ownBuckets('numbers');
    cleanUps.push(buckets.remove);
    const log = path.join(logs, 'access.log');
    // Older than hits are kept in InfluxDB, too.
    const all = lines(30_000, 80, 1);
    await fs.writeFile(`${log}.2`, `${all.slice(0, 12_000).join('\n')}\n`);
    await fs.writeFile(`${log}.1`, `${all.slice(12_000, 25_000).join('\n')}\n`);
    await fs.writeFile(log, `${all.slice(25_000).join('\n')}\n`);
    const env = {
      TAILSCALE_SOCKET: tailnet.socket,
      TAILSCALE_CLI: tailnet.cli,
      ACCESS_LOG: log,
    };
    sqlite = await start(env);
    influx = await start({ ...env, ...influxEnv(buckets) });
    replica = await start({ ...influxEnv(buckets), ROLE: 'web' });
    for (const app of [sqlite, influx, replica]) await settled(app, 30_000);
  }, 180_000);
  afterAll(stopAll, 60_000);

  const at = (ms: number) => new Date(ms).toISOString();
  const end = NOW - 7 * MINUTE - 123;
  const ranges = [
    [end - DAY, end],
    [end - 7 * DAY, end],
    [end - 29 * DAY, end],
    [end - 90 * DAY, end],
    [Math.floor((end - 5 * DAY) / HOUR) * HOUR, Math.floor(end / HOUR) * HOUR],
    [end - 40 * MINUTE, end],
  ] as const;
  const filters: Record<string, string>[] = [
    {},
    { bots: 'true' },
    { user: 'unknown' },
    { device: 'git' },
    { endpoint: '/a7/x' },
    { status: '4xx' },
    { status: '500', device: 'git' },
    { user: 'nobody' },
  ];
  const cases = ranges.flatMap(([from, to]) =>
    filters.map((filter) =>
      new URLSearchParams({ from: at(from), to: at(to), ...filter }).toString(),
    ),
  );

  it.each(cases)('gives the same dashboard for %s', async (query) => {
    const call = `/analytics/dashboard-usage?${query}`;
    await soon(async () => {
      const [expected, ours, theirs] = await Promise.all(
        [sqlite, influx, replica].map((app) => get(app, call)),
      );
      expect(expected.from).toBeDefined();
      expect(ours).toEqual(expected);
      expect(theirs).toEqual(expected);
    });
  });

  it.each(cases)('lists the same hits in the same order, page by page, for %s', async (query) => {
    const pages = async (app: RunningApp) => {
      const hits: unknown[] = [];
      let total = -1;
      for (let cursor = '', page = 0; page < 4; page++) {
        const call = `/analytics/access-logs?limit=300&${query}${cursor && `&cursor=${cursor}`}`;
        const answer = await get(app, call);
        hits.push(...answer.hits);
        total = answer.total;
        cursor = answer.next_cursor ?? '';
        if (cursor === '') break;
      }
      return { total, hits };
    };
    const [expected, ours, theirs] = await Promise.all([sqlite, influx, replica].map(pages));
    expect(ours).toEqual(expected);
    expect(theirs).toEqual(expected);
  });

  it('says the same of the tailnet, its quota and the log', async () => {
    for (const call of ['/analytics/quota-status', '/analytics/log-doctor']) {
      const timeless = (answer: unknown) =>
        JSON.parse(JSON.stringify(answer), (key, value) => (key === 'time' ? null : value));
      await soon(async () => {
        const expected = timeless(await get(sqlite, call));
        expect(timeless(await get(influx, call))).toEqual(expected);
        expect(timeless(await get(replica, call))).toEqual(expected);
      });
    }
    const names = async (app: RunningApp) =>
      (await get(app, '/analytics/devices')).devices.map((d: { hostname: string }) => d.hostname);
    await soon(async () => {
      expect(await names(influx)).toEqual(await names(sqlite));
      expect(await names(replica)).toEqual(await names(sqlite));
    });
  });

  it('shows a replica what the collector measured of connections', async () => {
    for (const call of [
      '/health-monitoring/latency-history/git?hours=1',
      '/health-monitoring/path-distribution?days=1',
    ]) {
      await soon(async () => expect(await get(replica, call)).toEqual(await get(influx, call)));
    }
    const paths = async (app: RunningApp) =>
      (await get(app, '/health-monitoring/nodes')).nodes.map(
        ({ id, path: way, online, latency_ms, critical }: Record<string, unknown>) => ({
          ...{ id, way, online, latency_ms, critical },
        }),
      );
    await soon(async () => expect(await paths(replica)).toEqual(await paths(influx)));
  });

  it('serves every page from the replica', async () => {
    for (const page of PAGES) {
      const response = await fetch(replica.url + page);
      expect([page, response.status]).toEqual([page, 200]);
      expect(await response.text()).not.toMatch(NOT_LOADED);
    }
  });
});

/** The title of a page whose data could not be loaded; its texts are in every page. */
const NOT_LOADED = /<h1>[^<]*could not be loaded/;

describe('an InfluxDB that is away', () => {
  afterEach(stopAll, 60_000);

  it('is said so on the page, with what waits for it, and all of it is there afterwards', async () => {
    const logs = await folder();
    const buckets = await ownBuckets('away');
    cleanUps.push(buckets.remove);
    const proxy = await faultyProxy(buckets.settings.url);
    cleanUps.push(proxy.close);
    const log = path.join(logs, 'access.log');
    await fs.writeFile(log, `${lines(2_000, 2, 6).join('\n')}\n`);
    const env = { ...influxEnv(buckets), INFLUX_URL: proxy.url, ACCESS_LOG: log };
    const app = await start({ ...env, TAILSCALE_SOCKET: tailnet.socket });
    await settled(app, 2_000);
    proxy.fail('cut');
    await fs.appendFile(log, `${lines(1_500, 0.01, 7).join('\n')}\n`);
    // React parts texts by comments.
    const page = async () =>
      (await (await fetch(`${app.url}/vpn`)).text()).replaceAll('<!-- -->', '');
    await until(
      async () => /1,5\d\d\spoints wait on disk/.test(await page()),
      30_000,
      () => 'the page does not say what waits',
    );
    const away = await fetch(`${app.url}/healthz`);
    expect(away.status).toBe(503);
    expect(JSON.stringify(await away.json())).toMatch(/1,5\d\d points wait on disk; none is lost/);
    expect((await fetch(`${app.url}/analytics/dashboard-usage`)).status).toBe(503);
    expect((await fetch(`${app.url}/analytics/devices`)).status).toBe(200);
    proxy.fail('none');
    await settled(app, 3_500);
    expect(await page()).not.toMatch(NOT_LOADED);
  }, 120_000);
});

describe('two replicas over two collectors', () => {
  afterEach(stopAll, 60_000);

  it('count each hit once while one collector is killed in mid-batch and started again', async () => {
    const logs = await folder();
    const buckets = await ownBuckets('replicas');
    cleanUps.push(buckets.remove);
    const env = { ...influxEnv(buckets), TAILSCALE_SOCKET: tailnet.socket, ROLE: 'collector' };
    const east = path.join(logs, 'east.log');
    const west = path.join(logs, 'west.log');
    await fs.writeFile(east, `${lines(5_000, 3, 2).join('\n')}\n`);
    await fs.writeFile(west, `${lines(60_000, 3, 3).join('\n')}\n`);
    const dataDir = await folder();
    const replicas = [await start({ ...influxEnv(buckets), ROLE: 'web' }).catch(() => null)].filter(
      (app) => app !== null,
    );
    // Without buckets a replica says so and does not start: the collector makes them.
    expect(replicas).toHaveLength(1);
    replicas.push(await start({ ...influxEnv(buckets), ROLE: 'web' }));
    await start({ ...env, COLLECTOR_NAME: 'east', ACCESS_LOG: east });
    for (let kill = 0; kill < 4; kill++) {
      const west1 = await startApp({
        env: { DEMO: '0', ...env, COLLECTOR_NAME: 'west', ACCESS_LOG: west },
        dataDir,
      });
      await sleep(400 + kill * 700);
      await west1.kill9();
    }
    await start({ ...env, COLLECTOR_NAME: 'west', ACCESS_LOG: west }, dataDir);
    for (const app of replicas) await settled(app, 65_000, 2);

    const [one, other] = replicas;
    if (!one || !other) throw new Error('two replicas were started');
    const to = new Date(NOW + MINUTE).toISOString();
    const call = `/analytics/dashboard-usage?from=${new Date(NOW - 9 * DAY).toISOString()}&to=${to}&bots=true`;
    await soon(async () => expect(await get(other, call)).toEqual(await get(one, call)));
    const all = await get(one, call);
    const [inEast, inWest] = await Promise.all(
      ['east', 'west'].map((name) => get(one, `${call}&collector=${name}`)),
    );
    const hits = (usage: typeof all) =>
      usage.total_accesses +
      usage.left_out.bots +
      usage.left_out.loopback +
      usage.left_out.non_tailnet;
    expect([hits(inEast), hits(inWest)]).toEqual([5_000, 60_000]);

    // What is done on one replica is done by the collectors, and seen on the other.
    const muted = await fetch(`${one.url}/health-monitoring/mutes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ minutes: 30, reason: 'maintenance' }),
    });
    expect(muted.status).toBe(200);
    const mutes = async (app: RunningApp) => (await get(app, '/health-monitoring/alerts')).mutes;
    await until(
      async () => (await mutes(other)).length === 2,
      15_000,
      () => 'the other replica has not heard of the mute',
    );
    for (const { id } of await mutes(other)) {
      const url = `${other.url}/health-monitoring/mutes/${id}`;
      expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
    }
    await until(
      async () => (await mutes(one)).length === 0,
      15_000,
      () => 'the first replica still shows the mute',
    );
    const ping = await get(one, '/health-monitoring/connection-stats/git');
    expect(ping.ping_stats.count).toBe(5);
  }, 180_000);

  it('do on the collector what is done on one of them: acknowledge, report a model, and no more', async () => {
    const buckets = await ownBuckets('actions');
    cleanUps.push(buckets.remove);
    // Beside no tailscaled, which is an alert soon.
    const env = { ...influxEnv(buckets), TAILSCALE_SOCKET: '/nonexistent/tailscaled.sock' };
    const collector = await start({ ...env, ROLE: 'collector', COLLECTOR_NAME: 'lonely' });
    const token = 'tobs_ingest_of-a-job-that-reports-how-well-it-does';
    const API_TOKENS = `job:ingest:${createHash('sha256').update(token).digest('hex')}`;
    const one = await start({ ...influxEnv(buckets), ROLE: 'web', API_TOKENS });
    const other = await start({ ...influxEnv(buckets), ROLE: 'web' });
    const open = async (app: RunningApp) =>
      (await get(app, '/health-monitoring/alerts')).open as AlertsResponse['open'];
    const alert = await until(
      async () => (await open(one)).find(({ state }) => state === 'firing'),
      60_000,
      () => 'no alert fires',
    );
    expect(alert.acknowledged_at).toBeNull();
    const acknowledged = await fetch(
      `${one.url}/health-monitoring/alerts/${alert.id}/acknowledge`,
      { method: 'POST' },
    );
    expect(acknowledged.status).toBe(200);
    const seenBy = async (app: RunningApp) =>
      (await open(app)).find(({ title }) => title === alert.title)?.acknowledged_at ?? null;
    // The collector's own word, then that of a replica that was not asked.
    expect(await seenBy(collector)).not.toBeNull();
    await until(
      async () => (await seenBy(other)) === (await seenBy(collector)),
      15_000,
      () => 'the other replica does not show it',
    );
    const nothing = await fetch(`${other.url}/health-monitoring/alerts/99999/acknowledge`, {
      method: 'POST',
    });
    expect(nothing.status).toBe(404);
    // A model reports to a replica, and every replica knows.
    const reported = async (mae: number) => {
      const response = await fetch(`${one.url}/models/metrics`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({
          ...{ model_name: 'tides', metrics: { mae, rmse: 2 } },
          trained_at: '2026-11-24T06:00:00Z',
        }),
      });
      return response.status;
    };
    expect([await reported(1.5), await reported(1.5), await reported(9)]).toEqual([201, 200, 409]);
    await until(
      async () => (await get(other, '/models')).models.length === 1,
      15_000,
      () => 'the other replica does not know the model',
    );
    const history = '/models/metrics-history?model_name=tides';
    expect(await get(other, history)).toEqual(await get(collector, history));
    expect(await (await fetch(`${other.url}/vpn/models`)).text()).toContain('tides');

    // Both replicas know who did what.
    for (const app of [one, other]) {
      const { entries } = await get(app, '/audit');
      expect(entries[0]).toMatchObject({
        action: 'acknowledge',
        target: `“${alert.title}” (alert ${alert.id})`,
      });
    }
  }, 120_000);

  it('that read the same log under one name write the same points', async () => {
    const logs = await folder();
    const buckets = await ownBuckets('same-log');
    cleanUps.push(buckets.remove);
    const log = path.join(logs, 'access.log');
    const all = lines(8_000, 3, 4);
    await fs.writeFile(`${log}.1`, `${all.slice(0, 3_000).join('\n')}\n`);
    await fs.writeFile(log, `${all.slice(3_000).join('\n')}\n`);
    const env = {
      ...influxEnv(buckets),
      TAILSCALE_SOCKET: tailnet.socket,
      ACCESS_LOG: log,
      COLLECTOR_NAME: 'pair',
    };
    const apps = [await start(env), await start({ ...env, ROLE: 'collector' })];
    for (const app of apps) await settled(app, 8_000);
    await fs.appendFile(log, `${lines(500, 0.01, 5).join('\n')}\n`);
    for (const app of apps) await settled(app, 8_500);
  }, 120_000);
});
