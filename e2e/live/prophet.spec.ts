import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import * as z from 'zod';
import type { MetricsHistoryResponse } from '../../lib/api/model-schemas';
import { MINUTE } from '../../lib/util/time';
import { type RunningApp, root, startApp } from '../harness/app';
import { lab } from '../harness/lab';
import { seedLatency } from '../harness/latency-seed';

const execute = promisify(execFile);
const tailnet = lab();
let dataDir: string;
let app: RunningApp;
let token: string;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'observatory-prophet-'));
  const status = JSON.parse(await tailnet.ts('factory', 'status', '--json'));
  const peers = z.record(z.string(), z.object({ ID: z.string(), HostName: z.string() }));
  const git = Object.values(peers.parse(status.Peer)).find(({ HostName }) => HostName === 'git');
  const node = { nodeId: git?.ID ?? '', hostname: 'git', ms: 20 };
  await seedLatency(dataDir, node, { days: 12, until: Date.now() - 10 * MINUTE });
  app = await startApp({
    dataDir,
    env: { TAILSCALE_SOCKET: tailnet.socket, TAILSCALE_CLI: tailnet.cli },
  });
  const printed = execFileSync(
    process.execPath,
    ['scripts/token.mjs', '--scope', 'ingest', '--name', 'prophet'],
    { cwd: root, env: { ...process.env, DATA_DIR: dataDir }, encoding: 'utf8' },
  );
  token = printed.trimEnd().split('\n').at(-1) ?? '';
});
test.afterAll(async () => {
  await app.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const run = async (nodes: string[], more: Record<string, string> = {}) => {
  const env = { ...process.env, OBSERVATORY_URL: app.url, OBSERVATORY_TOKEN: token, ...more };
  const { stdout } = await execute('examples/prophet/run.sh', nodes, { cwd: root, env });
  return stdout;
};
const history = async (model: string): Promise<MetricsHistoryResponse> =>
  (await fetch(`${app.url}/models/metrics-history?model_name=${model}`)).json();

test('Prophet reads the history, cross-validates and reports; run again, it is one report', async () => {
  // The first run installs Prophet.
  test.setTimeout(600_000);
  const said = await run(['git']);
  expect(said).toContain('reported, learning');
  const { entries, status } = await history('prophet/git');
  expect(status).toBe('learning');
  expect(entries).toHaveLength(1);
  const [entry] = entries;
  expect(entry).toMatchObject({ version: '1.5.0', horizon: '1 day', window: '10 days' });
  // The daily rhythm is worth a third of 20 ms: what knows it misses by far less.
  expect(entry?.metrics.mae).toBeGreaterThan(0);
  expect(entry?.metrics.mae).toBeLessThan(4);
  expect(entry?.metrics.folds).toBeGreaterThanOrEqual(4);
  expect(entry?.metrics.coverage).toBeGreaterThan(0.5);
  expect(await run(['git'])).toMatch(/reported/);
  expect((await history('prophet/git')).entries.length).toBeLessThanOrEqual(2);
});

test('the job says what stands in its way: no history, a wrong token, no server', async () => {
  test.setTimeout(120_000);
  expect(await run(['chocolate-factory-dev'])).toContain('it takes 6');
  const refused = (more: Record<string, string>) =>
    run(['git'], more).then(
      () => 'it went well',
      (error: { stderr: string }) => error.stderr,
    );
  expect(await refused({ OBSERVATORY_TOKEN: '' })).toContain('npm run token');
  expect(await refused({ OBSERVATORY_URL: 'http://127.0.0.1:9' })).toContain('does not answer');
});
