import '../i18n/on-server';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '../config/config';
import { TimeZone } from '../domain/time-zone';
import { Periods } from '../rollup/periods';
import { Influx } from '../store/influx/client';
import { openInfluxStores } from '../store/influx/collector-stores';
import { migrateIn, sendAll } from '../store/influx/migrate/in';
import { finishOut, migrateOut } from '../store/influx/migrate/out';
import { setUp } from '../store/influx/setup';
import type { Histories } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { DAY } from '../util/time';

/** `npm run migrate -- --to influx|sqlite`: copies a history from one store to the other and counts both. */

const ALL = { bots: true, nonTailnet: true };
const say = (text: string) => process.stdout.write(`${text}\n`);

async function main(to: string | undefined): Promise<void> {
  if (to !== 'influx' && to !== 'sqlite')
    throw new Error('Name the target: --to influx or --to sqlite');
  const config = readConfig();
  if (!config.influx)
    throw new Error('Set INFLUX_URL, INFLUX_TOKEN and INFLUX_ORG as for npm start');
  const { dataDir, retention, collectorName } = config;
  const periods = new Periods(new TimeZone(config.timeZone));
  const sqliteFile = path.join(dataDir, 'observatory.sqlite');
  const collectorFile = path.join(dataDir, 'collector.sqlite');
  const source = to === 'influx' ? sqliteFile : collectorFile;
  if (!existsSync(source)) throw new Error(`There is no ${source}: set DATA_DIR as for npm start`);
  const influx = new Influx(config.influx);
  await setUp(influx, retention, to === 'influx');
  const collector = await openInfluxStores(
    collectorFile,
    influx,
    collectorName,
    retention,
    periods,
  );
  if (to === 'influx') {
    const { rawDays } = retention;
    const { hits } = await migrateIn(
      sqliteFile,
      collectorFile,
      collector,
      collectorName,
      rawDays,
      shown('taken over'),
    );
    await sendAll(collector);
    while (await collector.maintenance.rollUp(Date.now()));
    const { rejected } = collector.sender.state();
    if (rejected > 0)
      throw new Error(
        `InfluxDB refused ${rejected} points; see ${collectorFile}, table spool_rejected`,
      );
    const sqlite = await openSqliteStores(sqliteFile, periods);
    await compared(sqlite, collector, hits);
    await sqlite.close();
  } else {
    await sendAll(collector);
    const { hits } = await migrateOut(
      influx,
      collectorName,
      collectorFile,
      sqliteFile,
      shown('copied'),
    );
    const sqlite = await finishOut(sqliteFile);
    await compared(collector, sqlite, hits);
    await sqlite.close();
  }
  await collector.close();
}

function shown(word: string) {
  let last = 0;
  return (done: number, of: number) => {
    if (done !== of && Date.now() - last < 1_000) return;
    last = Date.now();
    say(`${word}: ${done} of ${of} hours`);
  };
}

/** Counts both stores, day by day. Throws when they differ. */
async function compared(from: Histories, to: Histories, hits: number): Promise<void> {
  const now = Date.now();
  let total = 0;
  const faults: string[] = [];
  for (let day = Math.floor(now / DAY) * DAY; day > now - 3_650 * DAY; day -= DAY) {
    const range = { from: day, to: day + DAY };
    const [was, is] = [
      await from.accesses.totals(range, ALL),
      await to.accesses.totals(range, ALL),
    ];
    total += is.hits;
    if (was.hits !== is.hits || was.users !== is.users) {
      const date = new Date(day).toISOString().slice(0, 10);
      faults.push(`${date}: ${was.hits} hits of ${was.users} users, now ${is.hits} of ${is.users}`);
    }
    if (total >= hits && was.hits === 0 && is.hits === 0) break;
  }
  if (faults.length > 0) throw new Error(`The numbers differ:\n${faults.join('\n')}`);
  say(`${total.toLocaleString('en')} hits are in both, the same on every day.`);
}

try {
  const at = process.argv.indexOf('--to');
  await main(at < 0 ? undefined : process.argv[at + 1]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
