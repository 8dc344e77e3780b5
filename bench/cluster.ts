import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningApp, startApp } from '../e2e/harness/app';
import { SECOND } from '../lib/util/time';
import { MILLION } from './history-store';
import { fetchTimed } from './http';
import { type Loaded, labInflux, loadHistory, ownBuckets } from './influx-store';
import { digits, kilobytes, median, megabytes, ms, p95, seconds } from './numbers';
import { processorShare, residentMemory } from './product';
import { type Sample, simulatedCollectors } from './simulated-collectors';
import { printTable } from './table';
import { startTailnet } from './tailnet';
import { workFolder } from './work-folder';

/** Collectors and replicas: three real ones behind two, then many simulated ones behind one. */
const ROUNDS = Number(process.env.BENCH_ROUNDS || 20);
const SIMULATED = Number(process.env.BENCH_COLLECTORS || 50);
const PEERS = (process.env.BENCH_PEERS || '500,2000').split(',').map(Number);
const SIMULATED_PEERS = 500;
/** A collector that has just started looks at each device for the first time. */
const SETTLE_MS = 15 * SECOND;
const REAL = ['east', 'north', 'west'];
/** As many as a replica takes in the time between two looks at tailscaled. */
const SNAPSHOTS = 10;
const IDLE_MS = 20 * SECOND;
/** The ranges of the dashboard, in days. */
const RANGES = [1, 7, 30, 90];
/** Single hits of the simulated collectors are kept for a day; older ones are counts. */
const RAW_DAYS = 1;
const TOKEN = { COLLECTOR_TOKEN: 'what-collectors-and-replicas-share' };
const server = labInflux('cluster');

type Env = Record<string, string>;
type Health = { collectors: { name: string; away: boolean; version: string | null }[] };

const running = new Set<() => Promise<unknown>>();
async function start(env: Env): Promise<RunningApp> {
  const app = await startApp({ env: { DEMO: '0', ...TOKEN, ...env } });
  running.add(() => app.stop('SIGKILL'));
  return app;
}

async function collector(name: string, env: Env, peers: number): Promise<RunningApp> {
  const tailnet = await startTailnet(peers);
  running.add(() => tailnet.close());
  const folder = await workFolder('cluster');
  const accessLog = path.join(folder, `${name}.log`);
  await writeFile(accessLog, '');
  return start({
    ...{ ...env, ROLE: 'collector', COLLECTOR_NAME: name },
    ...{ TAILSCALE_SOCKET: tailnet.socketPath, ACCESS_LOG: accessLog },
  });
}

async function healthOf({ url }: RunningApp): Promise<Health> {
  return (await (await fetch(`${url}/healthz`)).json()) as Health;
}

/**
 * Waits until a replica sees the given numbers of collectors that answer and that are away; returns how long that took.
 */
async function seen(replica: RunningApp, there: number, away: number): Promise<number> {
  const began = performance.now();
  for (;;) {
    const { collectors } = await healthOf(replica);
    const answering = collectors.filter((one) => !one.away && one.version !== null).length;
    if (answering === there && collectors.length - answering === away) break;
    if (performance.now() - began > 60 * SECOND) throw new Error('the collectors are not seen');
    await sleep(50);
  }
  return performance.now() - began;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function several(work: () => Promise<unknown>): Promise<string> {
  await work();
  const took: number[] = [];
  for (let i = 0; i < ROUNDS; i++) took.push(await timed(work));
  return `${ms(median(took))}, ${ms(p95(took))}`;
}

async function mute({ url }: RunningApp): Promise<void> {
  const response = await fetch(`${url}/health-monitoring/mutes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ minutes: 1, reason: String(performance.now()) }),
  });
  if (response.status !== 200) throw new Error(await response.text());
  await response.arrayBuffer();
}

const percent = (share: number) => `${digits(share * 100)} % of a core`;

/** Three collectors that see `count` devices, behind two replicas. */
async function realOnes(peers: number): Promise<string[]> {
  const buckets = await ownBuckets('cluster', server);
  try {
    const collectors: RunningApp[] = [];
    for (const name of REAL) collectors.push(await collector(name, buckets.env, peers));
    const [east, north, west] = collectors;
    if (!east || !north || !west) throw new Error('three collectors were started');
    await sleep(SETTLE_MS);
    const alone = await processorShare(east.pid, IDLE_MS);
    const web = await start({ ...buckets.env, ROLE: 'web' });
    const other = await start({ ...buckets.env, ROLE: 'web' });
    await seen(web, REAL.length, 0);
    await seen(other, REAL.length, 0);
    const here = await several(() => mute(east));
    const through = await several(() => mute(web));
    const page = await several(() => fetchTimed(`${web.url}/vpn`));
    const asked = await processorShare(east.pid, IDLE_MS);
    const asking = await processorShare(web.pid, IDLE_MS);
    const memory = (await residentMemory(web.pid)).now;
    const whole = await fetchTimed(`${east.url}/cluster/snapshot`);
    let usual = whole;
    let sizes = 0;
    for (let i = 0; i < SNAPSHOTS; i++) {
      await sleep(SECOND);
      const { revision } = JSON.parse(usual.body);
      usual = await fetchTimed(`${east.url}/cluster/snapshot?since=${revision}`);
      sizes += usual.bytes;
    }
    process.kill(east.pid, 'SIGSTOP');
    const stopped = await seen(web, REAL.length - 1, 1);
    process.kill(east.pid, 'SIGCONT');
    await seen(web, REAL.length, 0);
    await west.kill9();
    const killed = await seen(web, REAL.length - 1, 1);
    return [
      ...[String(peers), here, through, page, seconds(stopped), seconds(killed)],
      ...[`${percent(alone)}, ${percent(asked)}`, percent(asking), megabytes(memory)],
      `${kilobytes(whole.bytes)}, ${kilobytes(sizes / SNAPSHOTS)}`,
    ];
  } finally {
    await endAll();
    await buckets.remove();
  }
}

async function endAll(): Promise<void> {
  for (const end of [...running].reverse()) await end();
  running.clear();
}

const real: string[][] = [];
for (const peers of PEERS) real.push(await realOnes(peers));
printTable(
  `cluster: ${REAL.length} collectors behind 2 replicas on one machine, ${ROUNDS} times each: median, p95`,
  [
    'devices each',
    'mute on a collector',
    'mute on a replica (3 collectors)',
    '/vpn on a replica',
    'away after it is stopped',
    'after it is killed',
    'a collector at rest without, with 2 replicas',
    'a replica at rest',
    'its memory',
    'snapshot, packed: the first, the next ones',
  ],
  real,
);

/** A history of each simulated collector, and a replica that is asked about all of them. */
async function simulated(): Promise<void> {
  const buckets = await ownBuckets('simulated', server);
  try {
    const loads: Loaded[] = [];
    const names = Array.from({ length: SIMULATED }, (_, i) => `c${String(i).padStart(2, '0')}`);
    for (const name of names) {
      const options = { collector: name, rawDays: RAW_DAYS };
      const loaded = await loadHistory(buckets.influx, MILLION, options);
      loads.push(loaded);
      await rm(path.dirname(loaded.dataDir), { recursive: true, force: true });
      console.log(`${name}: ${seconds(loaded.read + loaded.sent + loaded.summed)}`);
    }
    const model = await collector('model', buckets.env, SIMULATED_PEERS);
    await sleep(SETTLE_MS);
    const take = async (query: string): Promise<Sample> =>
      JSON.parse((await fetchTimed(`${model.url}/cluster/snapshot${query}`)).body);
    const first = await take('');
    await sleep(SECOND);
    const next = await take(`?since=${first.revision}`);
    await endAll();
    const many = await simulatedCollectors(buckets.influx, names, { first, next });
    running.add(() => many.close());
    const rows: string[][] = [];
    for (const days of RANGES) rows.push(await askedOf(buckets.env, days));
    const hits = loads.reduce((sum, one) => sum + one.hits, 0);
    const points = loads.reduce((sum, one) => sum + one.points, 0);
    const took = loads.reduce((sum, one) => sum + one.read + one.sent + one.summed, 0);
    printTable(
      `cluster: one replica over ${SIMULATED} simulated collectors with ${MILLION.hits.toLocaleString('en')} hits in ${MILLION.days} days and ${SIMULATED_PEERS} devices each (${hits.toLocaleString('en')} hits, loaded in ${seconds(took)}; of them ${points.toLocaleString('en')} single hits, ${RAW_DAYS} day, the others as counts)`,
      [
        'range',
        'first question',
        'again',
        'list of 100, first',
        'again',
        'memory before',
        'after',
        'at rest',
      ],
      rows,
    );
  } finally {
    await endAll();
    await buckets.remove();
  }
}

/** Starts a replica and asks it about a range: what it takes at first, and then. */
async function askedOf(env: Env, days: number): Promise<string[]> {
  const replica = await start({ ...env, ROLE: 'web' });
  await seen(replica, SIMULATED, 1);
  const before = (await residentMemory(replica.pid)).now;
  const usage = () => fetchTimed(`${replica.url}/analytics/dashboard-usage?days=${days}`);
  const list = () =>
    fetchTimed(`${replica.url}/analytics/access-logs?hours=${days * 24}&limit=100`);
  const firstUsage = await timed(usage);
  const usageAgain = await several(usage);
  const firstList = await timed(list);
  const listAgain = await several(list);
  const after = (await residentMemory(replica.pid)).now;
  const share = await processorShare(replica.pid, IDLE_MS);
  await replica.stop('SIGKILL');
  return [
    ...[`${days} d`, ms(firstUsage), usageAgain, ms(firstList), listAgain],
    ...[megabytes(before), megabytes(after), percent(share)],
  ];
}

await simulated();
