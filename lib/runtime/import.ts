import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type ImportProgress, type ImportResult, importLogs } from '../collect/import-logs';
import { type Config, readConfig } from '../config/config';
import { TimeZone } from '../domain/time-zone';
import '../i18n/on-server';
import { Periods } from '../rollup/periods';
import type { InfluxCollectorStores } from '../store/influx/collector-stores';
import { StoreUnavailable } from '../store/ports/store-unavailable';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { SECOND } from '../util/time';

/** `npm run import -- FILE…`: takes old logs into the store that the settings name. The service may be running. */

const say = (text: string) => process.stdout.write(`${text}\n`);
const number = (n: number) => n.toLocaleString('en');
const count = (n: number, one: string) => `${number(n)} ${one}${n === 1 ? '' : 's'}`;

/** Hits that may wait for InfluxDB; beyond that, the import waits for them to be sent. */
const MOST_WAITING = 200_000;
/** When none of them has been sent for this long, no service is sending them. */
const PATIENCE_MS = 5 * SECOND;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2),
    options: { format: { type: 'string' } },
    allowPositionals: true,
  });
  const config = readConfig();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
  await mkdir(config.dataDir, { recursive: true });
  const { store, finish } = await open(config, stop.signal);
  try {
    const format = values.format ?? config.accessLog.format;
    const result = await importLogs(store, positionals, format, progressLine(), stop.signal);
    await finish();
    summary(result);
    if (result.stopped || result.problems.length > 0) process.exitCode = 1;
  } finally {
    await store.close();
  }
}

type Opened = { store: Stores; finish: () => Promise<void> };

async function open(config: Config, stop: AbortSignal): Promise<Opened> {
  const { influx, dataDir, collectorName, retention } = config;
  const periods = new Periods(new TimeZone(config.timeZone));
  if (influx === null) {
    const store = await openSqliteStores(path.join(dataDir, 'observatory.sqlite'), periods);
    return { store, finish: async () => {} };
  }
  const [{ Influx }, { openInfluxStores }, { setUp }] = await Promise.all([
    import('../store/influx/client'),
    import('../store/influx/collector-stores'),
    import('../store/influx/setup'),
  ]);
  const file = path.join(dataDir, 'collector.sqlite');
  const client = new Influx(influx);
  if (!existsSync(file)) await setUp(client, retention, true);
  const store = await openInfluxStores(file, client, collectorName, retention, periods);
  const commit: Stores['ingest']['commit'] = async (batch) => {
    await handOver(store, MOST_WAITING, stop);
    await store.ingest.commit(batch);
  };
  const { ingest } = store;
  const bounded = {
    checkpoints: () => ingest.checkpoints(),
    claimFiles: ingest.claimFiles.bind(ingest),
    rejectedRanges: () => ingest.rejectedRanges(),
    commit,
  };
  return { store: { ...store, ingest: bounded }, finish: () => handOver(store, 0, stop) };
}

/**
 * Waits until at most `most` points wait for InfluxDB. The running service sends them; without one, this process does.
 * Throws `StoreUnavailable` when InfluxDB fails.
 */
async function handOver(store: InfluxCollectorStores, most: number, stop: AbortSignal) {
  const { sender } = store;
  let fewest = Number.POSITIVE_INFINITY;
  let since = Date.now();
  for (;;) {
    const { points } = sender.spool.state();
    if (points <= most || stop.aborted) return;
    if (points < fewest) {
      fewest = points;
      since = Date.now();
    }
    if (Date.now() - since > PATIENCE_MS) {
      await sender.drain(() => stop.aborted || sender.spool.state().points <= most, false);
      const { error } = sender.state();
      if (error !== null) throw new StoreUnavailable('failed', error);
    } else await sleep(SECOND / 4);
  }
}

/** Returns what shows the progress: a line that is overwritten on a terminal, one every ten seconds elsewhere. */
function progressLine(): (progress: ImportProgress) => void {
  const { isTTY } = process.stderr;
  const started = Date.now();
  let last = 0;
  return ({ lines, rejected, readBytes, totalBytes }) => {
    const now = Date.now();
    if (now - last < (isTTY ? SECOND / 4 : 10 * SECOND)) return;
    last = now;
    const elapsed = Math.max(1, now - started);
    const rate = `${number(Math.round((lines / elapsed) * SECOND))} lines/s`;
    const share = totalBytes === 0 ? 1 : readBytes / totalBytes;
    const left = share === 0 ? '' : `, ${duration((elapsed / share) * (1 - share))} left`;
    const done = `${Math.floor(share * 100)} %: ${count(lines, 'line')}`;
    const text = `${done}, ${number(rejected)} rejected, ${rate}${left}`;
    process.stderr.write(isTTY ? `\r\u001b[K${text}` : `${text}\n`);
  };
}

function duration(ms: number): string {
  const seconds = Math.round(ms / SECOND);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function summary(result: ImportResult): void {
  const { files, lines, hits, rejected, nothingNew, problems, stopped } = result;
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  for (const { path: file, message } of problems) {
    process.stderr.write(`${message.startsWith(file) ? '' : `${file}: `}${message}\n`);
  }
  const others = lines - hits - rejected;
  say(
    `${count(files, 'file')}, ${count(lines, 'line')}: ${count(hits, 'hit')} stored, ${number(rejected)} rejected, ${number(others)} of no access.`,
  );
  if (nothingNew.length > 0) {
    say(`Nothing new in ${count(nothingNew.length, 'file')}, read before or empty.`);
  }
  if (rejected > 0) {
    say(
      'The log doctor says why lines are rejected. They are read again once their format is known.',
    );
  }
  if (stopped) say('Stopped. Run the same command again to continue.');
}

try {
  await main();
  // What was written has to be out before the process ends.
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.stderr.write('Run the same command again to continue from where it stopped.\n');
  process.exitCode = 1;
}
