import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { HitBatch } from '../../../lib/rollup/hit-batch';
import { openInfluxStores } from '../../../lib/store/influx/collector-stores';
import { hourlyTask } from '../../../lib/store/influx/hourly-task';
import { HOUR, MINUTE } from '../../../lib/util/time';
import { ownBuckets } from './lab-influx';

const NOW = Date.now();
let folder: string;
let buckets: Awaited<ReturnType<typeof ownBuckets>>;
let queries: string[];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'queries-'));
  buckets = await ownBuckets('queries');
  const text = await readFile('docs/INFRASTRUCTURE.md', 'utf8');
  queries = [...text.matchAll(/```flux\n(.*?)```/gs)].map(([, query]) => query ?? '');
  const store = await openInfluxStores(
    path.join(folder, 'collector.sqlite'),
    buckets.influx,
    'main',
    { rawDays: 30, rollupDays: 730 },
  );
  const hits = Array.from({ length: 400 }, (_, i) => ({
    ...{ position: { file: 1, offset: i }, time: NOW - 5_400_000 - i * 1_000, ip: '100.64.0.2' },
    ...{
      method: 'GET',
      path: '/',
      endpoint: '/',
      host: i % 2 ? 'git.example.org' : null,
      status: i % 5 ? 200 : 500,
      responseMs: i,
    },
    ...{ bytes: 10, client: 'browser' as const },
  }));
  await store.ingest.commit({ hits: HitBatch.of(hits), rejected: [], checkpoints: [] });
  const [visitor] = await store.visitors.visitorsToIdentify({ unknown: 1, known: 1 }, 1);
  const git = { nodeId: 'n1', device: 'git', user: 'bob', userName: 'Bob' };
  await store.visitors.identify(visitor?.id ?? 0, git, NOW);
  await store.connections.addConnections([
    {
      ...{ time: NOW - MINUTE, nodeId: 'n1', hostname: 'git', connectionType: 'direct' },
      ...{ relayNode: 'none', endpoint: null, latencyAvg: 3, latencyMin: 1, latencyMax: 5 },
      ...{ jitter: 1, sent: 5, received: 5, txBytes: 1, rxBytes: 2 },
    },
  ]);
  await store.paths.observePaths([
    { nodeId: 'n1', hostname: 'git', time: NOW - MINUTE, path: 'direct' },
  ]);
  await store.events.addEvents([
    {
      ...{ time: NOW - MINUTE, kind: 'path_changed', nodeId: 'n1', hostname: 'git' },
      ...{ before: 'direct', after: 'relay' },
    },
  ]);
  const whose = { nodeId: 'n1', hostname: 'git', user: 'bob', userName: 'Bob', region: 'fra' };
  const travelled = { rxBytes: 100, txBytes: 10, from: NOW - HOUR - MINUTE, to: NOW - HOUR };
  await store.traffic.addTraffic({
    traffic: [{ ...whose, path: 'relay', ...travelled }],
    counted: [{ path: 'relay', ...travelled }],
    counters: { at: NOW, counted: null, devices: [] },
  });
  expect(await store.sender.drain(undefined, false)).toBe(true);
  await store.close();
});
afterAll(async () => {
  await buckets.remove();
  await rm(folder, { recursive: true, force: true });
});

async function run(script: string): Promise<string> {
  const query = script.replaceAll('"analytics', `"${buckets.bucket}`);
  const answer = await buckets.influx.request(
    'POST',
    `/api/v2/query?org=${buckets.influx.org}`,
    query,
    'application/vnd.flux',
  );
  return String(answer);
}

it('the down-sampling task counts every hit, and counts it the same when run again', async () => {
  const { bucket } = buckets;
  // What the task does, run now: without the option, which only a task may have.
  const script = hourlyTask('x', bucket, `${bucket}_rollups`).replace(/^option task.*$/m, '');
  const count = async () =>
    run(`from(bucket: "${bucket}_rollups") |> range(start: -1d)
      |> filter(fn: (r) => r._measurement == "tailscale_access_1h" and r._field == "hits")
      |> group() |> sum() |> keep(columns: ["_value"])`);
  await run(script);
  const once = await count();
  await run(script);
  expect(await count()).toBe(once);
  const hits = Number(once.trim().split(',').at(-1));
  expect(hits).toBeGreaterThan(0);
  expect(hits).toBeLessThanOrEqual(400);
});

it('every query of the documentation runs and finds something', async () => {
  expect(queries.length).toBeGreaterThanOrEqual(8);
  for (const query of queries) {
    const answer = await run(query);
    expect([
      query,
      answer.split('\n').filter((line) => line.startsWith(',_result')).length,
    ]).not.toEqual([query, 0]);
  }
});

const dashboardSchema = z.object({
  templating: z.object({
    list: z.array(z.object({ name: z.string(), query: z.unknown() })),
  }),
  panels: z.array(z.object({ targets: z.array(z.object({ query: z.string() })).min(1) })),
});
const variableQuery = z.object({ query: z.string() });

it('every query of the Grafana dashboards for InfluxDB runs and finds something', async () => {
  const folder = 'deploy/grafana/influxdb';
  const files = await readdir(folder);
  expect(files).toHaveLength(4);
  const useless: string[] = [];
  for (const file of files) {
    const text = await readFile(path.join(folder, file), 'utf8');
    const { panels, templating } = dashboardSchema.parse(JSON.parse(text));
    const ofVariables = templating.list.flatMap(
      ({ query }) => variableQuery.safeParse(query).data?.query ?? [],
    );
    const ofPanels = panels.flatMap(({ targets }) => targets.map(({ query }) => query));
    expect(ofPanels.length, file).toBeGreaterThan(4);
    for (const query of [...ofVariables, ...ofPanels]) {
      const filled = query
        .replaceAll(/\$\{bucket\}/g, 'analytics')
        .replaceAll(/\$\{(device|host)\}/g, '.*')
        .replaceAll('v.timeRangeStart', '-30h')
        .replaceAll('v.timeRangeStop', 'now()')
        .replaceAll('v.windowPeriod', '10m');
      expect(filled).not.toMatch(/\$\{/);
      const answer = await run(filled).catch(String);
      if (!/^,_result/m.test(answer)) useless.push(`${file}: ${query}\n${answer}`);
    }
  }
  expect(useless).toEqual([]);
});
