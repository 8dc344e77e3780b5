import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE } from '../lib/util/time';
import { DASHBOARD_CALLS } from './calls';
import { DENSE, historyFolder, MILLION, TEN_MILLION } from './history-store';
import { fetchTimed } from './http';
import { megabytes } from './numbers';
import { residentMemory, settled, startProduct } from './product';
import { printTable, verdict } from './table';

const PEERS = 500;
const PAGE_VIEWS = 5;
const IDLE_MS = MINUTE;
const TARGET_BYTES = 160_000_000;

const rows: string[][] = [];
for (const history of [MILLION, TEN_MILLION, DENSE]) {
  const product = await startProduct(PEERS, await historyFolder(history));
  try {
    await settled(product);
    for (let i = 0; i < PAGE_VIEWS; i++) {
      for (const { path } of DASHBOARD_CALLS) await fetchTimed(product.url + path);
    }
    const busy = await residentMemory(product.pid);
    await sleep(IDLE_MS);
    const idle = await residentMemory(product.pid);
    rows.push([
      `${history.hits.toLocaleString('en')} hits in ${history.days} days`,
      megabytes(busy.now),
      megabytes(idle.now),
      megabytes(idle.most),
      `≤ 160 MB: ${verdict(idle.now <= TARGET_BYTES)}`,
    ]);
  } finally {
    await product.stop();
  }
}
printTable(
  `memory: resident set of the one server process, ${PEERS} devices`,
  [
    'history',
    `after ${PAGE_VIEWS} page views`,
    'a minute later',
    'the most',
    'reach (a minute later)',
  ],
  rows,
);
