import { expect, it } from 'vitest';
import { aHit, putHits } from '../store/contract/samples';
import { openSqliteStores } from '../store/sqlite/stores';
import { DAY, HOUR } from '../util/time';
import { accessLogs } from './analytics';
import { accessLogsQuery, parseQuery } from './query';

const RAW_DAYS = 30;
const now = Date.now();

it('counts all hits of a list, and those of them that are kept, wherever its range lies', async () => {
  const stores = await openSqliteStores(':memory:');
  const daysAgo = Array.from({ length: 80 }, (_, i) => 80 - i);
  const status = (day: number) => (day % 7 === 0 ? 404 : 200);
  await putHits(
    stores.ingest,
    daysAgo.map((day, i) => aHit(i, { time: now - day * DAY + HOUR, status: status(day) })),
  );
  await stores.maintenance.prune(now, { rawDays: RAW_DAYS, rollupDays: 730 });
  while (await stores.maintenance.rollUp(now));
  const services = {
    histories: stores,
    instance: { rawDays: RAW_DAYS },
    accessLog: { countNonTailnet: false },
    tailnet: { view: () => ({ status: null }) },
  };
  for (const [from, to] of [
    [90, 0],
    [60, 20],
    [60, 40],
    [10, 0],
    [RAW_DAYS, 0],
  ] as const) {
    for (const filter of ['', '&status=404']) {
      const time = (days: number) => new Date(now - days * DAY).toISOString();
      const search = `from=${time(from)}&to=${time(to)}${filter}&limit=1000`;
      const { total, kept, hits } = await accessLogs(
        services,
        parseQuery(accessLogsQuery, new URLSearchParams(search)),
      );
      const inRange = daysAgo.filter(
        (day) => day <= from && day > to && (filter === '' || status(day) === 404),
      );
      expect([search, total]).toEqual([search, inRange.length]);
      expect([search, kept]).toEqual([search, hits.length]);
      expect([search, kept]).toEqual([search, inRange.filter((day) => day <= RAW_DAYS).length]);
    }
  }
  await stores.close();
});
