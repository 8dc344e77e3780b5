import { ANALYTICS_CALLS } from './calls';
import { DENSE, historyFolder, LONG_MILLION, LONG_TEN_MILLION, TEN_MILLION } from './history-store';
import { digits, median, ms, p95, times } from './numbers';
import { type Product, settled, startProduct } from './product';
import { printTable, verdict } from './table';
import { askInTurn, type Measured } from './turns';

const PEERS = 500;
/** Measured calls of each address to each of the four, after a warm-up turn. */
const ROUNDS = Number(process.env.BENCH_ROUNDS || 160);
/** How long a paused product is given to catch up. */
const AWAKE_MS = 1_500;
const TARGET_MS = 20;
const TARGET_RATIO = 1.2;

const histories = [LONG_MILLION, LONG_TEN_MILLION, TEN_MILLION, DENSE];
const products: Product[] = [];
let measured: Measured[];
try {
  for (const history of histories) {
    const product = await startProduct(PEERS, await historyFolder(history));
    products.push(product);
    await settled(product);
    product.pause();
  }
  measured = await askInTurn(products, { rounds: ROUNDS, awakeMs: AWAKE_MS });
} finally {
  for (const product of products) {
    product.resume();
    await product.stop();
  }
}

const groups = [...new Set(ANALYTICS_CALLS.map(({ group }) => group))];
const rows = groups.map((group) => {
  const calls = measured.filter(({ call }) => call.group === group);
  // Each filter is used equally often, so a call's times are those of all of them.
  const all = histories.map((_, i) => calls.flatMap(({ took }) => took[i] ?? []));
  return {
    group,
    at: all.map(p95),
    middle: all.map(median),
    slowest: histories.map((_, i) => Math.max(...calls.map(({ took }) => median(took[i] ?? [])))),
    ratio: p95(all[1] ?? []) / p95(all[0] ?? []),
    middleRatio: median(all[1] ?? []) / median(all[0] ?? []),
  };
});
if (process.env.BENCH_EACH) {
  for (const { call, took } of measured)
    console.log(call.path, ...took.map((t) => both(median(t), p95(t))));
}
const slowest = Math.max(...rows.flatMap(({ at }) => at.slice(1, 3)));
const steepest = Math.max(...rows.map(({ ratio }) => ratio));
const each = ANALYTICS_CALLS.filter(({ group }) => group === groups[0]).length;
printTable(
  `history: each call over HTTP, ${each} filters ${ROUNDS} times each, one product awake at a time: median, p95 (and the median of the slowest filter)`,
  [
    'call',
    '1 M in 180 days',
    '10 M in 1,800 days',
    'ratio of p95',
    'of medians',
    '10 M in 300 days',
    '10 M in 30 days',
  ],
  [
    ...rows.map(({ group, at, middle, slowest, ratio, middleRatio }) => {
      const cell = (i: number) => `${both(middle[i], at[i])} (${digits(slowest[i] ?? Number.NaN)})`;
      return [group, cell(0), cell(1), times(ratio), times(middleRatio), cell(2), cell(3)];
    }),
    ['reach: ≤ 20 ms', '', ms(slowest), '', '', verdict(slowest <= TARGET_MS), ''],
    ['reach: ≤ 1.2×', '', '', times(steepest), verdict(steepest <= TARGET_RATIO), '', ''],
  ],
);

function both(middle = Number.NaN, high = Number.NaN): string {
  return `${digits(middle)}, ${ms(high)}`;
}
