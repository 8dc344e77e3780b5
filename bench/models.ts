import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from '../lib/domain/connection';
import type { ModelReport } from '../lib/domain/model';
import { LatencyBaselines } from '../lib/models/latency-baselines';
import { MetricsFile } from '../lib/models/metrics-file';
import { ModelTracker } from '../lib/models/tracker';
import { openSqliteStores } from '../lib/store/sqlite/stores';
import { DAY, MINUTE } from '../lib/util/time';
import { median, ms, times } from './numbers';
import { printTable, verdict } from './table';
import { workFolder } from './work-folder';

/**
 * Measures whether learning a device's baseline, and storing a report, cost the same whatever the length of the
 * history.
 */

const NOW = Math.floor(Date.now() / DAY) * DAY;
const ROUNDS = 40;

const rows: string[][] = [];
await compare('learn a node’s normal', '14 days', '365 days', learning(14), learning(365));
await compare(
  'take in a report',
  '500 reports',
  '20,000 reports',
  reporting(500),
  reporting(20_000),
);
printTable('Models: cost by history', ['what', 'small', 'large', 'ratio', 'at most 1.5×'], rows);

type Work = { run: () => Promise<unknown>; end: () => Promise<void> };

/** Runs both in turns, so that other load on the machine affects them equally. */
async function compare(
  what: string,
  few: string,
  many: string,
  a: Promise<Work>,
  b: Promise<Work>,
) {
  const works = [await a, await b];
  const taken: number[][] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, work] of works.entries()) {
      const began = performance.now();
      await work.run();
      taken[index]?.push(performance.now() - began);
    }
  }
  for (const work of works) await work.end();
  const [small = 0, large = 0] = taken.map(median);
  const ratio = large / small;
  rows.push([
    what,
    `${few}: ${ms(small)}`,
    `${many}: ${ms(large)}`,
    times(ratio),
    verdict(ratio <= 1.5),
  ]);
}

async function learning(days: number): Promise<Work> {
  const folder = await freshFolder(`models-${days}-days`);
  const store = await openSqliteStores(path.join(folder, 'observatory.sqlite'));
  const rounds: Connection[] = [];
  for (let time = NOW - days * DAY; time < NOW; time += 5 * MINUTE) {
    const avg = 15 + 4 * Math.sin((2 * Math.PI * time) / DAY) + ((time / MINUTE) % 7) / 10;
    rounds.push({
      ...{ time, nodeId: 'n1', hostname: 'git', connectionType: 'direct', relayNode: 'none' },
      ...{ endpoint: null, latencyAvg: avg, latencyMin: avg, latencyMax: avg, jitter: 0 },
      ...{ sent: 5, received: 5, txBytes: 0, rxBytes: 0 },
    });
  }
  await store.connections.addConnections(rounds);
  return {
    // A new instance each time: a baseline is not learned again within half an hour.
    run: () => new LatencyBaselines(store.connections, () => NOW).of('n1'),
    end: () => store.close(),
  };
}

async function reporting(count: number): Promise<Work> {
  const folder = await freshFolder(`models-${count}-reports`);
  const store = await openSqliteStores(path.join(folder, 'observatory.sqlite'));
  const file = new MetricsFile(path.join(folder, 'models', 'metrics_history.csv'), store.modelCsv);
  const tracker = new ModelTracker({ store: store.models, file, settings: {} });
  const report = (index: number): ModelReport => ({
    ...{ model: 'nightly', time: NOW - (count - index) * MINUTE, version: '1', trainedAt: null },
    ...{ horizon: null, window: null, metrics: { mae: 2 + (index % 7) / 10, rmse: 3, r2: 0.8 } },
  });
  await store.models.addReports(Array.from({ length: count }, (_, index) => report(index)));
  await tracker.flush();
  let next = count;
  return { run: () => tracker.record(report(next++)), end: () => store.close() };
}

async function freshFolder(name: string): Promise<string> {
  await rm(await workFolder(name), { recursive: true, force: true });
  return workFolder(name);
}
