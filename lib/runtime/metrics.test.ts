import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { metrics } from '../api/metrics';
import { nodes } from '../api/monitored-devices';
import type { Connection } from '../domain/connection';
import type { Device, TailnetStatus } from '../domain/device';
import { judgedAlone } from '../domain/judgement';
import { testDevice } from '../domain/test-device';
import type { CollectorServices } from '../services';
import { aHit, anEvaluation, anOpenAlert, putHits } from '../store/contract/samples';
import { openSqliteStores } from '../store/sqlite/stores';
import { DAY, MINUTE, SECOND } from '../util/time';
import { collectorOver } from './test-cluster';

const OWN = { state: 'ok', reason: '', remedy: '', since: 0, settled: true } as const;
const HOSTILE = 'a"b\\c\nobservatory_up 0';

const aRound = (nodeId: string, change: Partial<Connection> = {}): Connection => ({
  ...{ time: Date.now(), nodeId, hostname: nodeId, connectionType: 'direct', relayNode: 'none' },
  ...{ endpoint: null, latencyAvg: 12, latencyMin: 10, latencyMax: 20, jitter: 3 },
  ...{ sent: 5, received: 4, txBytes: 0, rxBytes: 0 },
  ...change,
});

/** Returns the services of a collector in this tailnet, over a store of its own. */
async function collectorIn(devices: Device[], rounds: Connection[] = []) {
  const folder = await mkdtemp(path.join(tmpdir(), 'metrics-'));
  const store = await openSqliteStores(path.join(folder, 'observatory.sqlite'));
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  const { services } = collectorOver({ name: 'main', store });
  const status: TailnetStatus = {
    ...{ tailnet: { name: 'example.com', magicDnsSuffix: 'tail1234.ts.net' }, devices },
    ...{ exitNode: null, health: [], version: '1.102.0', backendState: 'Running', tun: true },
  };
  const tailnet = {
    ...services.tailnet,
    view: () => ({
      ...{ source: 'localapi' as const, location: '/run/tailscaled.sock', stale: false },
      ...{ status, answeredAt: Date.now(), error: null, own: OWN },
    }),
  };
  const connections = {
    ...services.connections,
    last: () => new Map(rounds.map((round) => [round.nodeId, round])),
    critical: () => devices.filter(({ name }) => name === 'nas'),
  };
  return { store, services: { ...services, tailnet, connections } };
}

/** Returns the samples of a scrape by their name and labels. */
async function scrape(services: CollectorServices): Promise<Map<string, number>> {
  const { body } = await metrics(services);
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const samples = lines.map((line): [string, number] => {
    const at = line.lastIndexOf(' ');
    return [line.slice(0, at).replace(/^observatory_/, ''), Number(line.slice(at + 1))];
  });
  expect(new Set(samples.map(([name]) => name)).size).toBe(samples.length);
  return new Map(samples);
}

it('says of each device what its page says', async () => {
  const devices = [
    testDevice('n0', { name: 'main', self: true, os: 'linux' }),
    testDevice('n1', { name: 'nas', keyExpiry: 1_800_000_000_000 }),
    testDevice('n2', { name: 'phone', online: false, path: 'offline' }),
    testDevice('n3', {
      name: 'tv',
      path: 'relay',
      inventory: { firstSeen: 0, facts: { version: '1.90.2', os_version: '12' } },
    }),
  ];
  const { services } = await collectorIn(devices, [
    aRound('n1'),
    aRound('n3', { time: Date.now() - DAY }),
  ]);
  const samples = await scrape(services);
  const { nodes: shown } = await nodes(services);
  for (const { id, hostname, online, path: current, latency_ms, loss, jitter_ms } of shown) {
    const labels = `{device_id="${id}",device="${hostname}"}`;
    expect(samples.get(`device_online${labels}`)).toBe(online ? 1 : 0);
    expect(samples.get(`device_ping_loss_ratio${labels}`) ?? null).toBe(loss);
    const latency = `device_latency_seconds{device_id="${id}",device="${hostname}",stat="avg"}`;
    expect(samples.get(latency) ?? null).toBe(latency_ms === null ? null : latency_ms / 1_000);
    const jitter = samples.get(`device_jitter_seconds${labels}`) ?? null;
    expect(jitter).toBe(jitter_ms === null ? null : jitter_ms / 1_000);
    const paths = [...samples].filter(([name]) => name.startsWith(`device_path{device_id="${id}"`));
    expect(paths).toHaveLength(5);
    const taken = paths.filter(([, value]) => value === 1).map(([name]) => name);
    expect(taken).toEqual([
      `device_path{device_id="${id}",device="${hostname}",path="${current}"}`,
    ]);
  }
  expect(shown.map(({ path: current }) => current)).toContain('offline');
  expect(samples.get('device_online{device_id="n0",device="main"}')).toBe(1);
  expect(samples.get('devices_online')).toBe(3);
  const nas = '{device_id="n1",device="nas"}';
  expect(samples.get(`device_key_expiry_timestamp_seconds${nas}`)).toBe(1_800_000_000);
  const info = [...samples.keys()].find((name) => name.includes('device_info{device_id="n0"'));
  expect(info).toContain(
    'os="linux",os_version="",version="1.102.0",class="own",user="alice@example.com"',
  );
  const tv = [...samples.keys()].find((name) => name.includes('device_info{device_id="n3"'));
  expect(tv).toContain('os_version="12",version="1.90.2"');
});

it('leaves out whether devices are online while our own cannot tell', async () => {
  const { services } = await collectorIn([testDevice('n1', { name: 'nas' })]);
  const blind = { ...OWN, state: 'stopped' as const };
  const judge = (device: Device) => judgedAlone(device, blind);
  const samples = await scrape({ ...services, connections: { ...services.connections, judge } });
  expect([...samples.keys()].filter((name) => name.startsWith('device_online'))).toEqual([]);
  expect(samples.get('devices_online')).toBe(0);
});

it('tells devices of one name apart, and escapes whatever a name holds', async () => {
  const devices = ['n1', 'n2'].map((id) => testDevice(id, { name: HOSTILE, os: HOSTILE }));
  const { services, store } = await collectorIn(devices);
  const hit = aHit(0, { time: Date.now(), host: HOSTILE });
  await putHits(store.ingest, [hit]);
  const samples = await scrape(services);
  const escaped = 'a\\"b\\\\c\\nobservatory_up 0';
  for (const id of ['n1', 'n2'])
    expect(samples.get(`device_online{device_id="${id}",device="${escaped}"}`)).toBe(1);
  expect(samples.get(`hits_total{host="${escaped}",status_class="2xx"}`)).toBe(1);
});

it('counts accesses, response times and bytes by host', async () => {
  const { services, store } = await collectorIn([testDevice('n1')]);
  const time = Date.now() - MINUTE;
  const at = (offset: number, change: Parameters<typeof aHit>[1]) =>
    aHit(offset, { time, ...change });
  await putHits(store.ingest, [
    at(0, { host: 'git', responseMs: 5, bytes: 10 }),
    at(1, { host: 'git', status: 502, responseMs: 31_000, bytes: 1 }),
    at(2, { host: null, status: 404, responseMs: null }),
    at(3, { host: 'git', client: 'bot' }),
    at(4, { host: 'git', ip: '192.168.1.2' }),
  ]);
  const samples = await scrape(services);
  expect(samples.get('hits_total{host="git",status_class="2xx"}')).toBe(1);
  expect(samples.get('hits_total{host="git",status_class="5xx"}')).toBe(1);
  expect(samples.get('hits_total{host="(none)",status_class="4xx"}')).toBe(1);
  expect(samples.get('hits_left_out_total{reason="bot"}')).toBe(1);
  expect(samples.get('hits_left_out_total{reason="non_tailnet"}')).toBe(1);
  expect(samples.get('response_bytes_total{host="git"}')).toBe(11);
  const bucket = (le: string) => samples.get(`response_time_seconds_bucket{host="git",le="${le}"}`);
  expect(['0.005', '0.01', '30', '+Inf'].map(bucket)).toEqual([1, 1, 1, 2]);
  expect(samples.get('response_time_seconds_sum{host="git"}')).toBe(31.005);
  expect(samples.get('response_time_seconds_count{host="git"}')).toBe(2);
  expect(samples.get('devices_active{window="1h"}')).toBe(1);
});

it('counts bytes by device and path, only of devices that are there', async () => {
  const { services, store } = await collectorIn([testDevice('n1', { name: 'renamed' })]);
  const now = Date.now();
  const travelled = (nodeId: string, region: string) => ({
    ...{ nodeId, hostname: 'nas', user: 'alice@example.com', userName: 'Alice' },
    ...{ path: 'relay' as const, region, rxBytes: 7, txBytes: 1, from: now - SECOND, to: now },
  });
  const traffic = [travelled('n1', 'fra'), travelled('n1', 'nyc'), travelled('gone', 'fra')];
  const counters = { at: now, counted: null, devices: [] };
  await store.traffic.addTraffic({ traffic, counted: [], counters });
  const samples = await scrape(services);
  const relayed = '{device_id="n1",device="renamed",path="relay"}';
  expect(samples.get(`device_received_bytes_total${relayed}`)).toBe(14);
  expect(samples.get(`device_sent_bytes_total${relayed}`)).toBe(2);
  expect([...samples.keys()].join()).not.toContain('gone');
});

it('names at most a thousand devices, critical and own ones first, and says when there are more', async () => {
  const shared = Array.from({ length: 1_000 }, (_, i) =>
    testDevice(`a${i}`, { classification: 'shared' }),
  );
  const { services } = await collectorIn([...shared, testDevice('z1', { name: 'nas' })]);
  const samples = await scrape(services);
  const named = [...samples.keys()].filter((name) => name.startsWith('device_online'));
  expect(named).toHaveLength(1_000);
  expect(named).toContain('device_online{device_id="z1",device="nas"}');
  expect(samples.get('metrics_limit{label="device"}')).toBe(1_000);
  expect(samples.get('metrics_limit_reached{label="device"}')).toBe(1);
  expect(samples.get('metrics_limit_reached{label="host"}')).toBe(0);
  expect(samples.get('devices{class="shared"}')).toBe(1_000);
});

it('counts the alerts that fire by severity, quota and jobs', async () => {
  const { services, store } = await collectorIn([testDevice('n1')]);
  await store.alerts.saveEvaluation(
    anEvaluation({ changed: [anOpenAlert({ severity: 'critical' })] }),
  );
  const job = {
    ...{ name: 'netcheck', schedule: '* * * * *', running: false, lastRun: 5_000 },
    ...{ lastDurationMs: 1, lastError: 'no', lastCause: null, nextRun: null, overdueMs: 0 },
    ...{ runs: 5, failures: 2, ranMs: 1_500 },
  };
  const samples = await scrape({ ...services, jobs: () => [job] });
  expect(samples.get('alerts_firing{severity="critical"}')).toBe(1);
  expect(samples.get('alerts_firing{severity="warning"}')).toBe(0);
  expect(samples.get('quota_used{resource="users"}')).toBe(1);
  expect(samples.get('quota_limit{resource="users"}')).toBe(6);
  expect(samples.has('quota_limit{resource="devices"}')).toBe(false);
  expect(samples.get('job_runs_total{job_name="netcheck",result="success"}')).toBe(3);
  expect(samples.get('job_runs_total{job_name="netcheck",result="failure"}')).toBe(2);
  expect(samples.get('job_run_seconds_total{job_name="netcheck"}')).toBe(1.5);
  expect(samples.get('job_last_run_timestamp_seconds{job_name="netcheck"}')).toBe(5);
  // Under its old name, too.
  expect(samples.get('job_last_run_time_seconds{job="netcheck"}')).toBe(5);
});

it('of 500 devices and 100 hosts is made within half a second', async () => {
  const devices = Array.from({ length: 500 }, (_, i) => testDevice(`n${i}`, { name: `d${i}` }));
  const { services, store } = await collectorIn(
    devices,
    devices.map(({ id }) => aRound(id)),
  );
  const time = Date.now() - MINUTE;
  await putHits(
    store.ingest,
    Array.from({ length: 2_000 }, (_, i) =>
      aHit(i, { time, host: `h${i % 100}`, status: 200 + (i % 400) }),
    ),
  );
  await metrics(services);
  const began = performance.now();
  expect((await metrics(services)).body.split('\n').length).toBeGreaterThan(8_000);
  expect(performance.now() - began).toBeLessThan(500);
});
