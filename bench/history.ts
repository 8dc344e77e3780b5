import { ANALYTICS_CALLS, type Call } from './calls';
import { DENSE, historyFolder, LONG_MILLION, LONG_TEN_MILLION, TEN_MILLION } from './history-store';
import { fetchTimed } from './http';
import { digits, median, ms, p95, times } from './numbers';
import { type Product, settled, startProduct } from './product';
import { printTable, verdict } from './table';

const PEERS = 500;
/** Measured calls of each address to each of the four, after some that warm up. */
const ROUNDS = Number(process.env.BENCH_ROUNDS || 60);
const WARM = 10;
/** So many calls in a row to one before the next has its turn, so that whatever else the machine does meets them all. */
const IN_A_ROW = 10;
const TARGET_MS = 20;
const TARGET_RATIO = 1.2;

type Measured = { call: Call; took: number[][] };

const histories = [LONG_MILLION, LONG_TEN_MILLION, TEN_MILLION, DENSE];
const products: Product[] = [];
const measured: Measured[] = [];
try {
  for (const history of histories) {
    products.push(await startProduct(PEERS, await historyFolder(history)));
  }
  for (const product of products) await settled(product);
  for (const call of ANALYTICS_CALLS) measured.push(await measure(call));
} finally {
  for (const product of products) await product.stop();
}

const groups = [...new Set(ANALYTICS_CALLS.map(({ group }) => group))];
const rows = groups.map((group) => {
  const calls = measured.filter(({ call }) => call.group === group);
  const worst = (of: (call: Measured) => number) => Math.max(...calls.map(of));
  return {
    group,
    at: histories.map((_, i) => worst(({ took }) => p95(took[i] ?? []))),
    middle: histories.map((_, i) => worst(({ took }) => median(took[i] ?? []))),
    ratio: worst(({ took }) => p95(took[1] ?? []) / p95(took[0] ?? [])),
    middleRatio: worst(({ took }) => median(took[1] ?? []) / median(took[0] ?? [])),
  };
});
if (process.env.BENCH_EACH) {
  for (const { call, took } of measured)
    console.log(call.path, ...took.map((t) => both(median(t), p95(t))));
}
const slowest = Math.max(...rows.flatMap(({ at }) => at.slice(1, 3)));
const steepest = Math.max(...rows.map(({ ratio }) => ratio));
printTable(
  `history: each call over HTTP, ${ROUNDS} times at each history in turn; of a group the worst of its filters, each column for itself`,
  [
    'call (median, p95)',
    '1 M in 180 days',
    '10 M in 1,800 days',
    'ratio',
    'ratio of medians',
    '10 M in 300 days',
    '10 M in 30 days',
  ],
  [
    ...rows.map(({ group, at, middle, ratio, middleRatio }) => [
      group,
      both(middle[0], at[0]),
      both(middle[1], at[1]),
      times(ratio),
      times(middleRatio),
      both(middle[2], at[2]),
      both(middle[3], at[3]),
    ]),
    ['reach: ≤ 20 ms', '', ms(slowest), '', '', verdict(slowest <= TARGET_MS), ''],
    ['reach: ≤ 1.2×', '', '', times(steepest), verdict(steepest <= TARGET_RATIO), '', ''],
  ],
);

function both(middle = Number.NaN, high = Number.NaN): string {
  return `${digits(middle)}, ${ms(high)}`;
}

async function measure(call: Call): Promise<Measured> {
  const took: number[][] = products.map(() => []);
  const urls: string[] = [];
  for (const { url } of products) urls.push(url + (await pathOf(call, url)));
  for (let done = -WARM; done < ROUNDS; done += IN_A_ROW) {
    for (const [i, url] of urls.entries()) {
      for (let n = 0; n < IN_A_ROW; n++) {
        const answer = await fetchTimed(url);
        if (done >= 0) took[i]?.push(answer.took);
      }
    }
  }
  return { call, took };
}

/** The address; of the page after the first, if that is what the call is for. */
async function pathOf({ path, nextPage }: Call, url: string): Promise<string> {
  if (!nextPage) return path;
  const { body } = await fetchTimed(url + path);
  const { next_cursor }: { next_cursor: string | null } = JSON.parse(body);
  return next_cursor === null ? path : `${path}&cursor=${next_cursor}`;
}
