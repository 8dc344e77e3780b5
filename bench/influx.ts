import { ANALYTICS_CALLS } from './calls';
import { type HistoryFolder, historyFolder, MILLION, TEN_MILLION } from './history-store';
import { fetchTimed } from './http';
import { type Loaded, labInflux, loadHistory, ownBuckets, RETENTION } from './influx-store';
import { digits, median, ms, p95, seconds, times } from './numbers';
import { type Product, settled, startProduct } from './product';
import { printTable } from './table';
import { askInTurn, type Measured } from './turns';

const PEERS = 10;
const ROUNDS = Number(process.env.BENCH_ROUNDS || 20);
const AWAKE_MS = 2_500;
const server = labInflux('influx');

let measured: Measured[];
/** The ranges of the dashboard, in days. */
const RANGES = [1, 7, 30, 90];
/** The first requests to a new process, by product. */
const firsts: { usage: number[]; list: number[] }[] = [];
const made: Awaited<ReturnType<typeof ownBuckets>>[] = [];
const products: Product[] = [];
const loads: Loaded[] = [];
try {
  for (const history of [MILLION, TEN_MILLION]) {
    const buckets = await ownBuckets(String(history.hits), server);
    made.push(buckets);
    const { rawDays } = RETENTION;
    const loaded = await loadHistory(buckets.influx, history, { collector: 'main', rawDays });
    loads.push(loaded);
    const { dataDir, accessLog } = loaded;
    for (const folder of [await historyFolder(history), { dataDir, accessLog, env: buckets.env }]) {
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
  for (const { remove } of made) await remove();
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
