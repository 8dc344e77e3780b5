import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fakeTailscaled } from '../e2e/fakes/tailscaled';
import { ConnectionMetrics } from '../lib/collect/connection-metrics';
import { Prober } from '../lib/collect/prober';
import { TailnetWatch } from '../lib/collect/tailnet-watch';
import type { Connection } from '../lib/domain/connection';
import { openSqliteStores } from '../lib/store/sqlite/stores';
import { localApi } from '../lib/tailscale/local-api';
import { DAY, MINUTE } from '../lib/util/time';
import { median, ms, p95, seconds, times } from './numbers';
import { printTable, verdict } from './table';
import { workFolder } from './work-folder';

const NODES = 50;
const SILENT = 10;
const ASKED = 300;

const folder = await workFolder('connections');
await rm(path.join(folder, 'observatory.sqlite'), { force: true });
const store = await openSqliteStores(path.join(folder, 'observatory.sqlite'));

/** Returns a captured status with one peer copied as often as needed; the silent ones never answer a ping. */
function tailnetOf50(): object {
  const status = JSON.parse(readFileSync('e2e/fixtures/tailscale/status-direct.json', 'utf8'));
  const peer = Object.values<{ HostName: string }>(status.Peer).find((p) => p.HostName === 'git');
  const peers = Array.from({ length: NODES }, (_, i) => ({
    ...peer,
    ID: `n${i}`,
    HostName: `node-${i}`,
    DNSName: `node-${i}.tail.test.`,
    TailscaleIPs: [`100.70.0.${i + 1}`],
    Online: i >= SILENT,
  }));
  return { ...status, Peer: Object.fromEntries(peers.map((p) => [`nodekey:${p.ID}`, p])) };
}

const fake = await fakeTailscaled();
fake.setStatus(tailnetOf50());
const tailscale = localApi({ socketPath: fake.socketPath });
const prober = new Prober(tailscale);
const watch = new TailnetWatch(tailscale, store, prober);
const metrics = new ConnectionMetrics('* * * * *', prober, watch, store, []);
await watch.run();
const started = performance.now();
await metrics.run();
const round = performance.now() - started;
const answered = (await store.connections.lastConnections()).filter((c) => c.received > 0).length;
if (answered !== NODES - SILENT) throw new Error(`${answered} nodes answered`);
await fake.close();

const now = Date.now();
const today = { from: now - DAY, to: now };
/** What pages and the service ask again and again, whose cost must not depend on what is stored of the past. */
const RECURRING: Record<string, () => Promise<unknown>> = {
  'availability of all devices, of a day': () => store.connections.connectionCounts(today),
  'the last round of each device': () => store.connections.lastConnections(),
  'retention, each minute': () =>
    store.maintenance.prune(now, { rawDays: 3_650, rollupDays: 3_650 }),
};

/** Returns the median milliseconds of each, in their order. */
async function recurring(): Promise<number[]> {
  const medians: number[] = [];
  for (const work of Object.values(RECURRING)) {
    const took: number[] = [];
    for (let i = 0; i < ASKED; i++) {
      const before = performance.now();
      await work();
      took.push(performance.now() - before);
    }
    medians.push(median(took));
  }
  return medians;
}

let afterDay: number[] = [];
for (let start = now - DAY; start >= now - 365 * DAY; start -= DAY) {
  const day: Connection[] = [];
  for (let time = start; time < start + DAY; time += 5 * MINUTE) {
    const latencyAvg = 10 + Math.random() * 5;
    day.push({
      time,
      nodeId: 'year',
      hostname: 'year',
      connectionType: 'direct',
      relayNode: 'none',
      endpoint: null,
      latencyAvg,
      latencyMin: latencyAvg - 2,
      latencyMax: latencyAvg + 9,
      jitter: 1,
      sent: 5,
      received: 5,
      txBytes: 0,
      rxBytes: 0,
    });
  }
  await store.connections.addConnections(day);
  if (start === today.from) afterDay = await recurring();
}
const afterYear = await recurring();
const asked: Record<'day' | 'year', number[]> = { day: [], year: [] };
for (let i = 0; i < ASKED; i++) {
  for (const [name, days] of [
    ['day', 1],
    ['year', 365],
  ] as const) {
    const before = performance.now();
    await store.connections.latencyHistory('year', { from: now - days * DAY, to: now }, 5 * MINUTE);
    asked[name].push(performance.now() - before);
  }
}
await store.close();
const ratio = median(asked.year) / median(asked.day);
printTable(
  'connections: a round of pings, and the history of latencies',
  ['what', 'measured', 'reach'],
  [
    [
      `a round over ${NODES} nodes of which ${SILENT} never answer`,
      seconds(round),
      `≤ 20 s: ${verdict(round <= 20_000)}`,
    ],
    [
      'latency history of a day, median / p95',
      `${ms(median(asked.day))} / ${ms(p95(asked.day))}`,
      '',
    ],
    ['latency history of a year', `${ms(median(asked.year))} / ${ms(p95(asked.year))}`, ''],
    ['year to day', times(ratio), `≤ 2×: ${verdict(ratio <= 2)}`],
    ...Object.keys(RECURRING).map((name, i) => {
      const [before = 0, after = 0] = [afterDay[i], afterYear[i]];
      const grown = after / before;
      return [
        `${name}: with a day stored, with a year`,
        `${ms(before)}, ${ms(after)}: ${times(grown)}`,
        `≤ 2×: ${verdict(grown <= 2)}`,
      ];
    }),
  ],
);
