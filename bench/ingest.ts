import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { IngestThread } from '../lib/runtime/ingest-thread';
import { StoreUnavailable } from '../lib/store/ports/store-unavailable';
import type { Stores } from '../lib/store/ports/stores';
import { openSqliteStores } from '../lib/store/sqlite/stores';
import { DAY } from '../lib/util/time';
import { accessLog, MILLION, THIRD } from './access-log';
import { median, megabytes, seconds, times } from './numbers';
import { printTable, verdict } from './table';
import { workFolder } from './work-folder';

/** Alternating runs of each. */
const ROUNDS = 3;
const TARGET = 5;
/** Lines of Caddy's JSON per second. */
const CADDY_TARGET = 250_000;
/** The bundled thread, as `npm start` uses it. The working directory is the checkout. */
const worker = path.resolve('.next/standalone/worker/ingest-worker.mjs');

type Totals = { hits: number; byEndpoint: Map<string, number>; byStatus: Map<string, number> };

const log = await accessLog(MILLION);
const caddyLog = await accessLog(THIRD, 'Caddy JSON');
const folder = await workFolder('ingest');
// Reads the file into the cache for both.
for (const file of [log, caddyLog]) {
  for await (const _ of createReadStream(file)) {
  }
}

const ours: { collected: number; rolledUp: number; totals: Totals }[] = [];
const theirs: { took: number; totals: Totals }[] = [];
const caddys: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  ours.push(await observatory(log));
  theirs.push(await goaccess());
  const caddy = await observatory(caddyLog);
  if (caddy.totals.hits !== THIRD.hits) throw new Error(`${caddy.totals.hits} hits of Caddy's`);
  caddys.push(caddy.collected);
}
const caddySpeed = (THIRD.hits / median(caddys)) * 1_000;
const faults = differences(ours[0]?.totals, theirs[0]?.totals);
const collected = median(ours.map((run) => run.collected));
const rolledUp = median(ours.map((run) => run.rolledUp));
const goaccessTook = median(theirs.map((run) => run.took));
const ratio = goaccessTook / collected;
const speed = (took: number) => `${Math.round((MILLION.hits / took) * 1_000).toLocaleString('en')}`;
const all = (runs: number[]) => runs.map((took) => seconds(took)).join(', ');
printTable(
  `ingest: ${MILLION.hits.toLocaleString('en')} lines (${megabytes((await stat(log)).size)}), medians of ${ROUNDS} alternating runs`,
  ['what', 'median', 'lines a second', 'runs'],
  [
    [
      'Tailnet Observatory: file → committed hits and hourly roll-ups',
      seconds(collected),
      speed(collected),
      all(ours.map((run) => run.collected)),
    ],
    [
      'the same, then rolled up to days and weeks too',
      seconds(rolledUp),
      speed(rolledUp),
      all(ours.map((run) => run.rolledUp)),
    ],
    [
      'GoAccess: file → JSON report',
      seconds(goaccessTook),
      speed(goaccessTook),
      all(theirs.map((run) => run.took)),
    ],
    [
      `Caddy's JSON, ${THIRD.hits.toLocaleString('en')} lines (reach ${CADDY_TARGET.toLocaleString('en')} a second)`,
      `${seconds(median(caddys))}: ${verdict(caddySpeed >= CADDY_TARGET)}`,
      Math.round(caddySpeed).toLocaleString('en'),
      all(caddys),
    ],
    [`ratio (reach ${TARGET}×)`, times(ratio), verdict(ratio >= TARGET), ''],
    [
      'totals by endpoint and by status',
      faults.length === 0 ? 'equal' : 'DIFFERENT',
      `${ours[0]?.totals.byEndpoint.size} endpoints, ${ours[0]?.totals.byStatus.size} statuses`,
      '',
    ],
  ],
);
if (faults.length > 0) throw new Error(`the totals differ:\n${faults.join('\n')}`);

/** Runs the product's own ingest thread on an empty database. The timing starts before the thread does. */
async function observatory(file: string) {
  const dataDir = path.join(folder, 'data');
  await rm(dataDir, { recursive: true, force: true });
  const database = path.join(dataDir, 'observatory.sqlite');
  const started = performance.now();
  const thread = new IngestThread(worker, {
    database,
    ingest: { pattern: file, format: undefined, backfill: true },
    timeZone: 'UTC',
    influx: null,
    retention: { rawDays: 3_650, rollupDays: 3_650 },
  });
  await thread.start();
  await thread.collect();
  const collected = performance.now() - started;
  await thread.maintain();
  const rolledUp = performance.now() - started;
  await thread.close();
  const store = await opened(database);
  const range = { from: MILLION.end - MILLION.days * DAY, to: MILLION.end };
  const usage = await store.accesses.usage(range, { bots: true, nonTailnet: true });
  await store.close();
  const totals = {
    hits: usage.totalAccesses,
    byEndpoint: new Map(usage.topEndpoints.map(({ endpoint, hits }) => [endpoint, hits])),
    byStatus: new Map(Object.entries(usage.byStatus)),
  };
  return { collected, rolledUp, totals };
}

/** Opens the database; the thread says that it has closed before SQLite has finished cleaning up. */
async function opened(database: string): Promise<Stores> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await openSqliteStores(database);
    } catch (error) {
      if (!(error instanceof StoreUnavailable && error.reason === 'busy') || attempt > 50)
        throw error;
      await sleep(100);
    }
  }
}

type Panel = { data: { data: string; hits: { count: number }; items?: Panel['data'] }[] };
type Report = { general: { valid_requests: number } } & Record<
  'requests' | 'static_requests' | 'not_found' | 'status_codes',
  Panel | undefined
>;

async function goaccess() {
  const report = path.join(folder, 'goaccess.json');
  const started = performance.now();
  const child = spawn(
    'goaccess',
    [
      log,
      '--no-progress',
      '--no-global-config',
      '--no-query-string',
      '--log-format=%h %^[%d:%t %^] "%r" %s %b "%R" "%u" %T',
      '--date-format=%d/%b/%Y',
      '--time-format=%H:%M:%S',
      '-o',
      report,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code] = await once(child, 'exit');
  const took = performance.now() - started;
  if (code !== 0) throw new Error(`goaccess ended with ${code}`);
  const said: Report = JSON.parse(await readFile(report, 'utf8'));
  // It lists static files and missing pages in separate panels; all three together are our endpoints.
  const byEndpoint = new Map<string, number>();
  for (const panel of [said.requests, said.static_requests, said.not_found]) {
    for (const { data, hits } of panel?.data ?? []) {
      byEndpoint.set(data, (byEndpoint.get(data) ?? 0) + hits.count);
    }
  }
  const byStatus = new Map<string, number>();
  for (const { items } of said.status_codes?.data ?? []) {
    for (const { data, hits } of items ?? []) byStatus.set(data.slice(0, 3), hits.count);
  }
  return { took, totals: { hits: said.general.valid_requests, byEndpoint, byStatus } };
}

/** Lists every number in which the two differ. */
function differences(a: Totals | undefined, b: Totals | undefined): string[] {
  if (!a || !b) return ['nothing was measured'];
  const faults: string[] = [];
  const compare = (what: string, ours: number | undefined, theirs: number | undefined) => {
    if (ours !== theirs) faults.push(`${what}: ours ${ours}, GoAccess ${theirs}`);
  };
  compare('lines in the file', a.hits, MILLION.hits);
  compare('all hits', a.hits, b.hits);
  for (const key of ['byEndpoint', 'byStatus'] as const) {
    for (const name of new Set([...a[key].keys(), ...b[key].keys()])) {
      compare(name, a[key].get(name), b[key].get(name));
    }
  }
  return faults;
}
