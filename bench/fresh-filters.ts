import { DENSE, historyFolder, TEN_MILLION } from './history-store';
import { fetchTimed } from './http';
import { median, ms, p95 } from './numbers';
import { VISITORS } from './people';
import { settled, startProduct } from './product';
import { randomNumbers } from './random';
import { printTable, verdict } from './table';
import { ENDPOINTS } from './traffic';

const PEERS = 500;
/** Questions of each kind; none is asked twice. */
const COUNT = Number(process.env.BENCH_ROUNDS || 150);
/** What the caches of code and files take is asked for first. */
const WARM_UP = 20;
const MOST_PAGES = 5;
const DEVICE_MS = 25;
const RARE_MS = 60;

const random = randomNumbers(20_261_126);
const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;

const DAYS = [1, 7, 30, 90];
const STATUSES = ['4xx', '5xx', '201', '206', '401', '403', '404', '500', '502'];
/** The less frequent half. */
const RARE_ENDPOINTS = ENDPOINTS.slice(ENDPOINTS.length / 2);

type Parameters = [name: string, value: string][];
let asked = 0;
/** A filter by one of 40 devices; excluding another that does not exist, a different one each time, makes it a new one. */
const device = (): Parameters => [
  ['device', pick(VISITORS).hostname],
  ['device', `!none-${asked++}`],
];
/** One of 3,168 combinations, which match about one hit in 100,000. */
const rare = (): Parameters => [
  ['user', pick(VISITORS).login],
  ['endpoint', pick(RARE_ENDPOINTS)],
  ['status', pick(STATUSES)],
];

type Kind = { name: string; target: number; path: () => string; pages: number };
const kinds: Kind[] = [
  { name: 'dashboard-usage, a device', target: DEVICE_MS, path: () => usage(device()), pages: 1 },
  { name: 'access-logs (100), a device', target: DEVICE_MS, path: () => hits(device()), pages: 1 },
  { name: 'dashboard-usage, rare', target: RARE_MS, path: () => usage(rare()), pages: 1 },
  {
    name: 'access-logs (100), rare, by page',
    target: RARE_MS,
    path: () => hits(rare()),
    pages: MOST_PAGES,
  },
];

/** A range of some days that ends up to a day ago, at a whole minute. */
function range(): Parameters {
  const minute = 60_000;
  const to = Math.floor(Date.now() / minute - random() * 1_440) * minute;
  const iso = (time: number) => new Date(time).toISOString();
  return [
    ['from', iso(to - pick(DAYS) * 1_440 * minute)],
    ['to', iso(to)],
  ];
}
const usage = (filter: Parameters) =>
  `/analytics/dashboard-usage?${new URLSearchParams([...filter, ...range()])}`;
const hits = (filter: Parameters) =>
  `/analytics/access-logs?${new URLSearchParams([...filter, ...range(), ['limit', '100']])}`;

async function measure(url: string, { path, pages }: Kind): Promise<number[]> {
  const took: number[] = [];
  for (let i = -WARM_UP; i < COUNT; i++) {
    const address = url + path();
    let cursor: string | null = null;
    for (let page = 0; page < pages && (page === 0 || cursor !== null); page++) {
      const answer = await fetchTimed(cursor === null ? address : `${address}&cursor=${cursor}`);
      if (i >= 0) took.push(answer.took);
      const body: { next_cursor?: string | null } = JSON.parse(answer.body);
      cursor = body.next_cursor ?? null;
    }
  }
  return took;
}

const histories = [TEN_MILLION, DENSE];
const results: number[][][] = [];
for (const history of histories) {
  const product = await startProduct(PEERS, await historyFolder(history));
  try {
    await settled(product);
    const ofHistory: number[][] = [];
    for (const kind of kinds) ofHistory.push(await measure(product.url, kind));
    results.push(ofHistory);
  } finally {
    await product.stop();
  }
}
printTable(
  `fresh-filters: over HTTP, ${COUNT} questions of each kind, none asked twice: median, p95 (reach)`,
  ['call', ...histories.map(({ days }) => `10 M in ${days} days`)],
  kinds.map(({ name, target }, k) => [
    name,
    ...results.map((ofHistory) => {
      const took = ofHistory[k] ?? [];
      const high = p95(took);
      return `${ms(median(took))}, ${ms(high)} (≤ ${target} ms: ${verdict(high <= target)})`;
    }),
  ]),
);
