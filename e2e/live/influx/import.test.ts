import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openInfluxStores } from '../../../lib/store/influx/collector-stores';
import { DAY, HOUR, SECOND } from '../../../lib/util/time';
import { bundle } from '../../fakes/bundle';
import { LOG_LINES } from '../../fakes/log-lines';
import { ownBuckets, RETENTION } from './lab-influx';

const ALL = { bots: true, nonTailnet: true };
const NOW = Math.floor(Date.now() / HOUR) * HOUR;
/** Half of the lines are older than single hits are kept. */
const FROM = NOW - 40 * DAY;
const RECENT = NOW - DAY;
const LINES = 40_000;

let folder: string;
let program: Awaited<ReturnType<typeof bundle>>;
let buckets: Awaited<ReturnType<typeof ownBuckets>>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'import-'));
  buckets = await ownBuckets('import');
  program = await bundle('import-influx', { entryPoints: ['lib/runtime/import.ts'] });
});
afterAll(async () => {
  await buckets.remove();
  await rm(folder, { recursive: true, force: true });
  await program.remove();
});

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => {
    const n = from + i;
    const time = (n < LINES / 2 ? FROM : RECENT) + (n % (LINES / 2)) * SECOND;
    const request = { time, ip: '100.64.0.2', method: 'GET', path: `/p${n % 50}`, query: '' };
    const answer = { status: 200, bytes: n, responseMs: 10, userAgent: 'curl/8' };
    return `${LOG_LINES['Caddy JSON']({ ...request, ...answer })}\n`;
  }).join('');

it('an import into InfluxDB, killed and run again without the service, sends each hit once', async () => {
  await writeFile(path.join(folder, 'caddy.log.1.gz'), gzipSync(lines(0, LINES / 2)));
  await writeFile(path.join(folder, 'caddy.log'), lines(LINES / 2, LINES));
  const { url, token, org, bucket } = buckets.settings;
  const start = () =>
    spawn(process.execPath, [program.file, '--', path.join(folder, 'caddy.log*')], {
      env: {
        ...process.env,
        ...{ DATA_DIR: path.join(folder, 'data'), COLLECTOR_NAME: 'home' },
        ...{ INFLUX_URL: url, INFLUX_TOKEN: token, INFLUX_ORG: org, INFLUX_BUCKET: bucket },
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  for (const ms of [700, 900, 1_200]) {
    const killed = start();
    const ended = once(killed, 'exit');
    await sleep(ms);
    killed.kill('SIGKILL');
    await ended;
  }
  const [code] = await once(start(), 'exit');
  expect(code).toBe(0);
  const file = path.join(folder, 'data', 'collector.sqlite');
  const store = await openInfluxStores(file, buckets.influx, 'home', RETENTION);
  try {
    expect(store.sender.spool.state().points).toBe(0);
    while (await store.maintenance.rollUp(Date.now()));
    const range = { from: FROM - DAY, to: NOW };
    await expect
      .poll(async () => (await store.accesses.totals(range, ALL)).hits, { timeout: 30_000 })
      .toBe(LINES);
  } finally {
    await store.close();
  }
}, 120_000);
