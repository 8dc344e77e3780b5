import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { type FakeTailscaled, fakeTailscaled } from '../fakes/tailscaled';
import { type RunningApp, startApp } from '../harness/app';
import { collect, end, freePort, until } from '../harness/process';

const PROGRAM = process.env.LAB_OTELCOL ?? '';
test.describe.configure({ mode: 'serial' });
test.skip(PROGRAM === '', 'needs the lab’s OpenTelemetry Collector (npm run lab -- up otelcol)');

const point = z.object({
  attributes: z
    .array(z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) }))
    .default([]),
  asDouble: z.number().optional(),
  count: z.string().optional(),
});
const points = z.object({ dataPoints: z.array(point) }).optional();
const taken = z.object({
  resourceMetrics: z.array(
    z.object({
      scopeMetrics: z.array(
        z.object({
          metrics: z.array(
            z.object({ name: z.string(), gauge: points, sum: points, histogram: points }),
          ),
        }),
      ),
    }),
  ),
});

let folder: string;
let tailscaled: FakeTailscaled;
let app: RunningApp;
let stop: () => Promise<unknown>;

/** Starts a collector that appends what it takes to `file`; returns its address. */
async function startCollector(file: string): Promise<string> {
  const port = await freePort();
  const config = path.join(folder, 'otelcol.yaml');
  await writeFile(
    config,
    `receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${port}" } } } }
exporters: { file: { path: "${file}" } }
service:
  pipelines: { metrics: { receivers: [otlp], exporters: [file] } }
  telemetry: { metrics: { level: none }, logs: { level: warn } }
`,
  );
  const child = spawn(PROGRAM, [`--config=file:${config}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stderr = collect(child.stderr);
  stop = () => end(child, 'SIGTERM');
  const url = `http://127.0.0.1:${port}`;
  await until(
    () =>
      fetch(url).then(
        () => true,
        () => child.exitCode !== null,
      ),
    30_000,
    () => `the collector does not listen: ${stderr()}`,
  );
  if (child.exitCode !== null) throw new Error(`the collector ended: ${stderr()}`);
  return url;
}

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'otlp-'));
  tailscaled = await fakeTailscaled({ status: 'status-direct.json' });
});
test.afterAll(async () => {
  await app?.stop();
  await stop?.();
  await tailscaled.close();
  await rm(folder, { recursive: true, force: true });
});

test('an OpenTelemetry Collector takes every metric that /metrics has', async () => {
  const file = path.join(folder, 'metrics.json');
  const url = await startCollector(file);
  app = await startApp({
    env: {
      TAILSCALE_SOCKET: tailscaled.socketPath,
      CRITICAL_NODES: 'git',
      OTLP_ENDPOINT: url,
      OTLP_INTERVAL_SECONDS: '30',
    },
  });
  await app.waitHealthy();
  const last = async () => {
    // The whole ones, without what is just being written.
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
    const { data } = z
      .string()
      .transform((line) => taken.parse(JSON.parse(line)))
      .safeParse(lines.at(-1) || '{"resourceMetrics":[]}');
    return (data?.resourceMetrics ?? [])
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics);
  };
  // The first push is at the start, before everything is known; the next one half a minute later.
  await expect
    .poll(async () => (await last()).map(({ name }) => name), {
      timeout: 100_000,
      intervals: [1_000],
    })
    .toEqual(
      expect.arrayContaining(['observatory_device_path', 'observatory_device_latency_seconds']),
    );
  const metrics = await last();
  const body = await (await fetch(`${app.url}/metrics`)).text();
  const types = [...body.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)$/gm)];
  const current = types.filter(([, , help]) => !help?.startsWith('Deprecated'));
  expect(current.length).toBeGreaterThan(30);
  for (const [, name, , type] of current) {
    const found = metrics.find((metric) => metric.name === name);
    const values = { gauge: found?.gauge, counter: found?.sum, histogram: found?.histogram };
    expect(Object.entries(values).find(([, value]) => value)?.[0], name).toBe(type);
  }
  expect(metrics.map(({ name }) => name)).not.toContain('observatory_job_failed');
  const online = metrics.find(({ name }) => name === 'observatory_device_online');
  const scraped = [...body.matchAll(/^observatory_device_online\{device_id="(\w+)".*\} ([01])$/gm)];
  expect(scraped.length).toBeGreaterThan(1);
  for (const [, id, value] of scraped) {
    const pushed = online?.gauge?.dataPoints.find(({ attributes }) =>
      attributes.some((one) => one.key === 'device_id' && one.value.stringValue === id),
    );
    expect(pushed?.asDouble, id).toBe(Number(value));
  }
});

test('a collector that is gone is said on /healthz, and nothing else suffers', async () => {
  await stop();
  const problem = async () => {
    const { jobs } = await (await fetch(`${app.url}/healthz`)).json();
    const push = jobs.find((job: { name: string }) => job.name === 'push_metrics');
    return String(push.last_error);
  };
  await expect
    .poll(problem, { timeout: 60_000, intervals: [1_000] })
    .toContain('/v1/metrics took no metrics');
  expect((await fetch(`${app.url}/vpn`)).status).toBe(200);
});
