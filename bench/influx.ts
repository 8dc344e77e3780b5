import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Influx } from '../lib/store/influx/client';
import { type InfluxCollectorStores, openInfluxStores } from '../lib/store/influx/collector-stores';
import { setUp } from '../lib/store/influx/setup';
import { HOUR } from '../lib/util/time';
import { ANALYTICS_CALLS } from './calls';
import {
  commitHistory,
  type History,
  type HistoryFolder,
  historyFolder,
  MILLION,
  TEN_MILLION,
} from './history-store';
import { fetchTimed } from './http';
import { digits, median, ms, p95, seconds, times } from './numbers';
import { VISITORS } from './people';
import { type Product, settled, startProduct } from './product';
import { printTable } from './table';
import { askInTurn, type Measured } from './turns';
import { workFolder } from './work-folder';

const PEERS = 10;
const ROUNDS = Number(process.env.BENCH_ROUNDS || 20);
const AWAKE_MS = 2_500;
const RETENTION = { rawDays: 30, rollupDays: 730 };
const { LAB_INFLUX_URL: url, LAB_INFLUX_TOKEN: token, LAB_INFLUX_ORG: org } = process.env;
if (!url || !token || !org) {
  console.log('influx needs the lab’s InfluxDB: npm run lab -- up influxdb. Nothing was measured.');
  process.exit(0);
}
const SETTINGS = { url, token, org };

type Loaded = {
  folder: HistoryFolder;
  hits: number;
  read: number;
  sent: number;
  summed: number;
  points: number;
};

/** Writes a history like the product's ingest thread: into the spool, from there to InfluxDB, then rolled up. */
async function load(history: History, influx: Influx, bucket: string): Promise<Loaded> {
  const { hits, days } = history;
  const folder = await workFolder(`influx-${hits}-${days}`);
  await rm(folder, { recursive: true, force: true });
  const dataDir = path.join(folder, 'data');
  await mkdir(dataDir, { recursive: true });
  const accessLog = path.join(folder, 'access.log');
  await writeFile(accessLog, '');
  const store = await openInfluxStores(
    path.join(dataDir, 'collector.sqlite'),
    influx,
    'main',
    RETENTION,
  );
  const end = Math.floor(Date.now() / HOUR) * HOUR;
  const started = performance.now();
  await commitHistory(store, history, accessLog, end);
  const read = performance.now() - started;
  await nameVisitors(store);
  while (!(await store.sender.drain(undefined, false))) {
    const { error } = store.sender.state();
    if (error) throw new Error(error);
  }
  const sent = performance.now() - started - read;
  const { sent: points } = store.sender.state();
  while (await store.maintenance.rollUp(Date.now()));
  const summed = performance.now() - started - read - sent;
  await store.maintenance.prune(Date.now(), RETENTION);
  await store.close();
  const env = {
    ...{ INFLUX_URL: SETTINGS.url, INFLUX_TOKEN: SETTINGS.token, INFLUX_ORG: SETTINGS.org },
    INFLUX_BUCKET: bucket,
  };
  return { folder: { dataDir, accessLog, env }, hits, read, sent, summed, points };
}

/** Sets the answers of whois in the tailnet beside the product, which points are tagged with. */
async function nameVisitors(store: InfluxCollectorStores): Promise<void> {
  for (const { id, ip } of await store.visitors.visitorsToIdentify(
    { unknown: 1, known: 1 },
    1_000,
  )) {
    const at = VISITORS.findIndex((visitor) => visitor.ip === ip);
    const visitor = VISITORS[at];
    if (!visitor) continue;
    const { hostname: device, login: user, name: userName } = visitor;
    await store.visitors.identify(id, { nodeId: `n${at + 2}`, device, user, userName }, Date.now());
  }
}

async function removeBuckets(influx: Influx): Promise<void> {
  const inOrg = `org=${encodeURIComponent(influx.org)}`;
  for (const kind of ['raw', 'rollups', 'state'] as const) {
    const name = encodeURIComponent(influx.bucket(kind));
    const { buckets } = (await influx.request('GET', `/api/v2/buckets?${inOrg}&name=${name}`)) as {
      buckets: { id: string }[];
    };
    for (const { id } of buckets) await influx.request('DELETE', `/api/v2/buckets/${id}`);
  }
  const { tasks } = (await influx.request('GET', `/api/v2/tasks?${inOrg}&limit=500`)) as {
    tasks: { id: string; name: string }[];
  };
  for (const { id, name } of tasks) {
    if (name.endsWith(` ${influx.bucket('raw')}`)) {
      await influx.request('DELETE', `/api/v2/tasks/${id}`);
    }
  }
}

let measured: Measured[];
/** The ranges of the dashboard, in days. */
const RANGES = [1, 7, 30, 90];
/** The first requests to a new process, by product. */
const firsts: { usage: number[]; list: number[] }[] = [];
const made: Influx[] = [];
const products: Product[] = [];
const loads: Loaded[] = [];
try {
  for (const history of [MILLION, TEN_MILLION]) {
    const bucket = `bench-${history.hits}-${randomBytes(3).toString('hex')}`;
    const influx = new Influx({ ...SETTINGS, bucket });
    made.push(influx);
    await setUp(influx, RETENTION, true);
    const loaded = await load(history, influx, bucket);
    loads.push(loaded);
    for (const folder of [await historyFolder(history), loaded.folder]) {
      const first = await startProduct(PEERS, folder);
      await settled(first);
      await first.stop();
      firsts.push(await askedFirst(folder));
      const product = await startProduct(PEERS, folder);
      products.push(product);
      product.pause();
    }
  }
  measured = await askInTurn(products, { rounds: ROUNDS, awakeMs: AWAKE_MS });
} finally {
  for (const product of products) {
    product.resume();
    await product.stop();
  }
  for (const influx of made) await removeBuckets(influx);
}

printTable(
  'influx: a history on its way into InfluxDB, as the ingest thread does it, one after another',
  ['history', 'into the spool', 'sent', 'points a second', 'summed up'],
  loads.map(({ hits, read, sent, summed, points }) => [
    `${hits.toLocaleString('en')} hits`,
    seconds(read),
    `${seconds(sent)} (${points.toLocaleString('en')} single hits)`,
    digits((points / sent) * 1_000),
    seconds(summed),
  ]),
);
const groups = [...new Set(ANALYTICS_CALLS.map(({ group }) => group))];
printTable(
  `influx: each call over HTTP, all its filters ${ROUNDS} times each, one product awake at a time: median, p95`,
  [
    'call',
    'SQLite, 1 M',
    'InfluxDB, 1 M',
    'SQLite, 10 M',
    'InfluxDB, 10 M',
    'InfluxDB, ratio of medians',
  ],
  groups.map((group) => {
    const calls = measured.filter(({ call }) => call.group === group);
    const all = products.map((_, i) => calls.flatMap(({ took }) => took[i] ?? []));
    const cells = all.map((took) => `${digits(median(took))}, ${ms(p95(took))}`);
    return [group, ...cells, times(median(all[3] ?? []) / median(all[1] ?? []))];
  }),
);

printTable(
  'influx: what a process is asked first after its start: the dashboard of a range, then its list of accesses',
  ['range', 'SQLite, 1 M', 'InfluxDB, 1 M', 'SQLite, 10 M', 'InfluxDB, 10 M'],
  RANGES.map((days, i) => [
    `${days} d`,
    ...firsts.map(({ usage, list }) => `${ms(usage[i] ?? 0)}, ${ms(list[i] ?? 0)}`),
  ]),
);

/** Starts a process for each range, and requests that range once. */
async function askedFirst(folder: HistoryFolder): Promise<{ usage: number[]; list: number[] }> {
  const took = { usage: [] as number[], list: [] as number[] };
  for (const days of RANGES) {
    const product = await startProduct(PEERS, folder);
    // The first answer of a program is its slowest, whatever is requested, so it is not measured.
    await fetchTimed(`${product.url}/analytics/quota-status`);
    const first = async (call: string) => (await fetchTimed(product.url + call)).took;
    took.usage.push(await first(`/analytics/dashboard-usage?days=${days}`));
    took.list.push(await first(`/analytics/access-logs?hours=${days * 24}&limit=100`));
    await product.stop();
  }
  return took;
}
