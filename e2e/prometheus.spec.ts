import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { type RunningApp, root, startApp } from './harness/app';
import { hasPrometheus, type Prometheus, promtool, startPrometheus } from './harness/prometheus';

const DEPLOY = path.join(root, 'deploy/prometheus');
const TOKEN = `obs_prometheus_${'x'.repeat(43)}`;
const SHA256 = createHash('sha256').update(TOKEN).digest('hex');

let folder: string;
let app: RunningApp;
let prometheus: Prometheus;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  test.skip(!(await hasPrometheus()), "Debian's package prometheus is not installed");
  folder = await mkdtemp(path.join(tmpdir(), 'scraped-'));
  await writeFile(path.join(folder, 'token'), TOKEN);
  app = await startApp({
    env: { DEMO: '1', AUTH: 'strict', API_TOKENS: `prometheus:read:${SHA256}` },
  });
  await app.waitHealthy();
  prometheus = await startPrometheus(await configuration());
});
test.afterAll(async () => {
  await prometheus?.stop();
  await app?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Returns the published configuration with this test's addresses, scraped each second. */
async function configuration(): Promise<string> {
  const published = await readFile(path.join(DEPLOY, 'prometheus.yaml'), 'utf8');
  return `global:\n  scrape_interval: 1s\n  evaluation_interval: 1s\n${published
    .replaceAll('127.0.0.1:3000', new URL(app.url).host)
    .replaceAll('observatory.YOUR-TAILNET.ts.net', new URL(app.url).host)
    .replace('scheme: https', 'scheme: http')
    .replace('/etc/prometheus/observatory-token', path.join(folder, 'token'))
    .replace('observatory.rules.yaml', path.join(DEPLOY, 'observatory.rules.yaml'))}`;
}

const asked = (call: string) =>
  fetch(`${app.url}${call}`, { headers: { authorization: `Bearer ${TOKEN}` } });

test('the published configuration, rules and tests of rules are right', async () => {
  const check = async (...args: string[]) => {
    const { ok, output } = await promtool(args);
    expect(ok, output).toBe(true);
    return output;
  };
  await check('check', 'config', '--syntax-only', path.join(DEPLOY, 'prometheus.yaml'));
  const rules = await check('check', 'rules', path.join(DEPLOY, 'observatory.rules.yaml'));
  expect(rules).toContain('27 rules found');
  const tests = await check('test', 'rules', path.join(DEPLOY, 'observatory.tests.yaml'));
  expect(tests).toContain('SUCCESS');
});

test('each alert has a test, and a section of the runbook that says what to do', async () => {
  const rules = await readFile(path.join(DEPLOY, 'observatory.rules.yaml'), 'utf8');
  const tests = await readFile(path.join(DEPLOY, 'observatory.tests.yaml'), 'utf8');
  const runbook = await readFile(path.join(root, 'docs/RUNBOOK.md'), 'utf8');
  const names = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
  expect(names).toHaveLength(20);
  for (const name of names) {
    expect(tests).toContain(`alertname: ${name}\n`);
    expect(rules).toContain(`docs/RUNBOOK.md#${name.toLowerCase()}\n`);
    expect(runbook).toContain(`\n## ${name}\n`);
  }
});

test('promtool has nothing against the metrics, and every family is documented', async () => {
  const body = await (await asked('/metrics')).text();
  const { ok, output } = await promtool(['check', 'metrics'], body);
  expect(output.trim()).toBe('');
  expect(ok).toBe(true);
  const documented = await readFile(path.join(root, 'docs/METRICS.md'), 'utf8');
  const names = [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(45);
  const isDocumented = (name: string) =>
    documented.includes(`\`${name}\``) || /^observatory_spool_/.test(name);
  expect(names.filter((name) => !isDocumented(name))).toEqual([]);
});

test('a Prometheus with the token scrapes what the page shows, and one without does not', async () => {
  const states = async () => {
    const targets = await prometheus.targets();
    return [targets['observatory-remote']?.health, targets.observatory?.health];
  };
  await expect.poll(states, { timeout: 20_000 }).toEqual(['up', 'down']);
  const { observatory } = await prometheus.targets();
  expect(observatory?.lastError).toMatch(/40[13]/);
  await expect.poll(async () => (await prometheus.query('observatory_up')).length).toBe(1);
  const { devices } = await (await asked('/analytics/devices')).json();
  const online = await prometheus.query('observatory_device_online');
  const byId = new Map(online.map(({ metric, value }) => [metric.device_id, value[1]]));
  expect(byId.size).toBeGreaterThan(5);
  for (const device of devices) {
    const shown = device.online === null ? undefined : device.online ? '1' : '0';
    expect(byId.get(device.id), device.name).toBe(shown);
  }
});

test('accesses are counted by host, and stay counted over a restart', async () => {
  const count = async () => {
    const body = await (await asked('/metrics')).text();
    const counts = [...body.matchAll(/^observatory_hits_total\{.*\} (\d+)$/gm)];
    return counts.reduce((sum, [, hits]) => sum + Number(hits), 0);
  };
  await expect.poll(count, { timeout: 30_000 }).toBeGreaterThan(0);
  const recorded = 'host:observatory_response_time_seconds:p95_5m';
  await expect
    .poll(async () => (await prometheus.query(recorded)).length, { timeout: 30_000 })
    .toBeGreaterThan(0);
  const before = await count();
  const { port } = new URL(app.url);
  const { dataDir } = app;
  await app.kill9();
  app = await startApp({
    ...{ port: Number(port), dataDir },
    env: { DEMO: '1', AUTH: 'strict', API_TOKENS: `prometheus:read:${SHA256}` },
  });
  await app.waitHealthy();
  expect(await count()).toBeGreaterThanOrEqual(before);
});
