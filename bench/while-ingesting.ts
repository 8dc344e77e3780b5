import { link, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accessLog, MILLION } from './access-log';
import { DASHBOARD_CALLS } from './calls';
import { fetchTimed } from './http';
import { median, megabytes, ms, p95, seconds } from './numbers';
import { type Product, residentMemory, startProduct } from './product';
import { printTable, verdict } from './table';
import { workFolder } from './work-folder';

/** A run takes only seconds. */
const RUNS = 6;
const TARGET_MS = 250;
const TARGET_BYTES = 350_000_000;
/** The pause between requests of the page: a browser polls every three seconds, this is ten times as often. */
const PAUSE_MS = 250;
const WARM = 8;

type Health = { access_log: { hits: number } };

const log = await accessLog(MILLION);
const folder = await workFolder('while-ingesting');
const dataDir = path.resolve(folder, 'data');
const appearing = path.resolve(folder, 'access.log');
const took = new Map<string, number[]>(DASHBOARD_CALLS.map(({ group }) => [group, []]));
const firstPages: number[] = [];
const memory: number[] = [];
const durations: number[] = [];
for (let run = 0; run < RUNS; run++) {
  await whileIngesting('a running product', async (product) => {
    for (let i = 0; i < WARM; i++) await look(product.url);
    const started = performance.now();
    await link(log, appearing);
    while (!(await ingested(product.url))) {
      await look(product.url, took);
      await sleep(PAUSE_MS);
    }
    durations.push(performance.now() - started);
  });
  await whileIngesting('a start', async (product) => {
    firstPages.push((await fetchTimed(`${product.url}/vpn`)).took);
    while (!(await ingested(product.url))) await sleep(PAUSE_MS);
  });
}
const most = Math.max(...memory);
printTable(
  `while-ingesting: the dashboard's calls while a running product takes in ${MILLION.hits.toLocaleString('en')} lines, ${RUNS} times`,
  ['call', 'calls', 'p50', 'p95', 'slowest', 'reach'],
  [
    ...[...took].map(([group, times]) => [
      group,
      String(times.length),
      ms(median(times)),
      ms(p95(times)),
      ms(Math.max(...times)),
      `≤ ${TARGET_MS} ms: ${verdict(p95(times) <= TARGET_MS)}`,
    ]),
    [
      '/vpn, the first call after a start on that log',
      String(firstPages.length),
      ms(median(firstPages)),
      '',
      ms(Math.max(...firstPages)),
      '',
    ],
    ['ingesting, with these calls in between', '', seconds(median(durations)), '', '', ''],
    [
      'resident memory, the most of each',
      String(memory.length),
      megabytes(median(memory)),
      '',
      megabytes(most),
      `≤ 350 MB: ${verdict(most <= TARGET_BYTES)}`,
    ],
  ],
);

async function whileIngesting(
  when: 'a running product' | 'a start',
  measure: (product: Product) => Promise<void>,
): Promise<void> {
  await rm(dataDir, { recursive: true, force: true });
  await rm(appearing, { force: true });
  if (when === 'a start') await link(log, appearing);
  const product = await startProduct(500, { dataDir, accessLog: appearing });
  try {
    await measure(product);
    memory.push((await residentMemory(product.pid)).most);
  } finally {
    await product.stop();
  }
}

async function look(url: string, into?: Map<string, number[]>): Promise<void> {
  for (const { group, path } of DASHBOARD_CALLS) {
    const answer = await fetchTimed(url + path);
    into?.get(group)?.push(answer.took);
  }
}

async function ingested(url: string): Promise<boolean> {
  // 503 while it reports a backlog is an answer, too.
  const response = await fetch(`${url}/healthz`);
  const health = (await response.json()) as Health;
  return health.access_log.hits >= MILLION.hits;
}
