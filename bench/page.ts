import { DENSE, historyFolder, TEN_MILLION } from './history-store';
import { fetchTimed } from './http';
import { kilobytes, median, ms, p95 } from './numbers';
import { settled, startProduct } from './product';
import { printTable, verdict } from './table';

const ROUNDS = 200;
const WARM = 100;
const TARGET_MS = 100;

const rows: string[][] = [];
for (const [name, history, peers, path] of [
  ['/vpn, 500 devices, 10 M hits in 300 days: first byte', TEN_MILLION, 500, '/vpn'],
  ['/vpn, 500 devices, 10 M hits in 30 days: first byte', DENSE, 500, '/vpn'],
  ['/analytics/devices, 5,000 peers: last byte', TEN_MILLION, 5_000, '/analytics/devices'],
] as const) {
  const product = await startProduct(peers, await historyFolder(history));
  try {
    await settled(product);
    const took: number[] = [];
    let bytes = 0;
    for (let round = -WARM; round < ROUNDS; round++) {
      const answer = await fetchTimed(product.url + path);
      bytes = answer.bytes;
      if (round >= 0) took.push(path === '/vpn' ? answer.firstByte : answer.took);
    }
    rows.push([
      name,
      ms(median(took)),
      ms(p95(took)),
      kilobytes(bytes),
      `≤ ${TARGET_MS} ms: ${verdict(p95(took) <= TARGET_MS)}`,
    ]);
  } finally {
    await product.stop();
  }
}
printTable(
  `page: over HTTP with gzip, ${ROUNDS} calls one after another, after ${WARM} that do not count`,
  ['what', 'p50', 'p95', 'transferred', 'reach (p95)'],
  rows,
);
