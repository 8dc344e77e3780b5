import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY, MINUTE } from '../../../lib/util/time';
import { type RunningApp, startApp } from '../../harness/app';
import { lab } from '../../harness/lab';
import { until } from '../../harness/process';
import type { ownBuckets } from './lab-influx';

/** The product's processes over the lab's InfluxDB: started as `npm start` does, and ended together. */

export const NOW = Date.now();
const tailnet = lab();

/**
 * Lines of a log from `days` ago until now: known and unknown visitors, bots, errors, odd paths, several rotated files.
 */
export function lines(count: number, days: number, salt: number): string[] {
  const ips = [
    tailnet.addresses.git,
    tailnet.addresses.dev,
    '100.99.1.1',
    '127.0.0.1',
    '203.0.113.9',
  ];
  const agents = ['Mozilla/5.0 (X11; Linux) Firefox/132.0', 'curl/8.1', 'Googlebot/2.1', '-'];
  return Array.from({ length: count }, (_, i) => {
    const n = (i * 7_919 + salt * 104_729) % 1_000_003;
    const time = NOW - days * DAY + Math.floor((i / count) * days * DAY) - MINUTE;
    const status = [200, 200, 200, 304, 404, 500, 302][n % 7];
    const took = n % 11 === 0 ? '-' : ((n % 2_000) / 1_000).toFixed(3);
    const url = n % 97 === 0 ? '/%00\\x22odd' : `/a${n % 23}/${n % 5 === 0 ? n : 'x'}?q=${n}`;
    return `${ips[n % ips.length]} - - [${clf(time)}] "GET ${url} HTTP/1.1" ${status} ${n % 9_000} "-" "${agents[n % 4]}" ${took}`;
  });
}

function clf(time: number): string {
  const [, day, month, year, clock] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(time).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}

export const get = async (app: RunningApp, call: string) => (await fetch(app.url + call)).json();

const apps: RunningApp[] = [];
/** What `stopAll` does after it has ended the processes. */
export const cleanUps: (() => Promise<unknown>)[] = [];
export async function start(env: Record<string, string>, dataDir?: string): Promise<RunningApp> {
  const app = await startApp({ env: { DEMO: '0', ...env }, dataDir });
  apps.push(app);
  return app;
}
export async function stopAll(): Promise<void> {
  for (const app of apps.splice(0)) await app.stop();
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
}
export async function folder(): Promise<string> {
  const made = await fs.mkdtemp(path.join(os.tmpdir(), 'influx-apps-'));
  cleanUps.push(() => fs.rm(made, { recursive: true, force: true }));
  return made;
}
export const influxEnv = ({ settings }: Awaited<ReturnType<typeof ownBuckets>>) => ({
  INFLUX_URL: settings.url,
  INFLUX_TOKEN: settings.token,
  INFLUX_ORG: settings.org,
  INFLUX_BUCKET: settings.bucket,
  COLLECTOR_TOKEN: 'what-collectors-and-replicas-share',
});
/** Waits until all of a log has been read, sent and named. */
export async function settled(app: RunningApp, hits: number, collectors = 1): Promise<void> {
  const state = async () => {
    const health = await get(app, '/healthz');
    const usage = await get(app, `/analytics/dashboard-usage?days=90&bots=true`);
    const { left_out } = usage;
    const seen = usage.total_accesses + left_out.bots + left_out.loopback + left_out.non_tailnet;
    const spool = health.store.influxdb?.spool;
    return { seen, points: spool?.points ?? 0, collectors: health.collectors.length };
  };
  let last: unknown;
  await until(
    async () => {
      const now = await state();
      last = now;
      return now.seen === hits && now.points === 0 && now.collectors === collectors;
    },
    60_000,
    () => `not settled: ${JSON.stringify(last)}, wanted ${hits}`,
  );
  await sleep(1_500);
}
