import { expect, it } from 'vitest';
import { testDevice } from '../domain/test-device';
import { TimeZone } from '../domain/time-zone';
import { NO_BUDGET } from '../domain/traffic-budget';
import { Periods } from '../rollup/periods';
import { SqliteFile } from '../store/sqlite/file';
import { sqliteStores } from '../store/sqlite/stores';
import { MINUTE, SECOND } from '../util/time';
import { TrafficBudgets } from './traffic-budgets';

it('begins with each month of the owner, and sees what was added after a minute', async () => {
  const file = await SqliteFile.open(':memory:');
  const midnight = Date.UTC(2026, 9, 31, 23);
  const zone = new TimeZone('Europe/Madrid');
  const { traffic } = sqliteStores(file, new Periods(zone));
  const add = (at: number, rxBytes: number) =>
    traffic.addTraffic({
      traffic: [
        {
          ...{ nodeId: 'n1', hostname: 'nas', user: 'a', userName: 'A', path: 'direct' },
          ...{ region: null, rxBytes, txBytes: 0, from: at - SECOND, to: at },
        },
      ],
      ...{ counted: [], counters: { at, counted: null, devices: [] } },
    });
  let now = midnight - 2 * MINUTE;
  const nas = testDevice('n1', { name: 'nas' });
  const budgets = new TrafficBudgets(
    traffic,
    { ...NO_BUDGET, each: 50 },
    zone,
    () => now,
    () => now,
  );
  const used = async () => (await budgets.uses([nas]))[0]?.used.rxBytes;
  await add(midnight - MINUTE, 60);
  now = midnight - SECOND;
  expect(await used()).toBe(60);
  now = midnight + SECOND;
  expect(await used()).toBe(0);
  await add(midnight + 2 * SECOND, 7);
  expect(await used()).toBe(0);
  now += MINUTE;
  expect(await used()).toBe(7);
  file.close();
});
