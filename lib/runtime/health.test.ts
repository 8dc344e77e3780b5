import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { health } from '../api/health';
import { openSqliteStores } from '../store/sqlite/stores';
import { MINUTE } from '../util/time';
import { collectorOver } from './test-cluster';

it('/healthz names the jobs that are overdue, and for how long', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'health-'));
  const store = await openSqliteStores(path.join(folder, 'observatory.sqlite'));
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  const job = (name: string, overdueMs: number) => ({
    ...{ name, schedule: '* * * * *', running: true, lastRun: 0, lastDurationMs: 1 },
    ...{ lastError: null, lastCause: null, nextRun: null, overdueMs },
    ...{ runs: 0, failures: 0, ranMs: 0 },
  });
  const { services } = collectorOver({ name: 'main', store });
  const jobs = () => [job('probe_devices', 7 * MINUTE), job('watch_tailnet', MINUTE)];
  const { problems, jobs: listed } = await health({ ...services, jobs });
  expect(problems.filter(({ message }) => message.includes('longer'))).toEqual([
    { part: 'probe_devices', message: expect.stringMatching(/^has been running for 7.min longer/) },
  ]);
  expect(listed.map((one) => [one.name, one.overdue_seconds])).toEqual([
    ['probe_devices', 420],
    ['watch_tailnet', 60],
  ]);
});
