import type { Periods } from '../../rollup/periods';
import { countedPeriod } from '../../rollup/range-plan';
import { HOURLY, RESOLUTIONS, startOf } from '../../rollup/resolutions';
import { HOUR } from '../../util/time';
import type { SqliteFile } from '../sqlite/file';
import type { InfluxHitSource } from './hit-source';
import { TIME_ZONE } from './own-names';
import type { PendingRollUps } from './pending-roll-ups';

type Collector = {
  file: SqliteFile;
  source: InfluxHitSource;
  pending: PendingRollUps;
  collector: string;
  periods: Periods;
};

/**
 * When the time zone is another than before, makes those roll-ups pending that its periods lack, and has readers follow
 * it: until a roll-up is made, they use shorter ones. `keptFrom`: when the first roll-ups are kept. Throws
 * `StoreUnavailable`.
 */
export async function followTimeZone(
  { file, source, pending, collector, periods }: Collector,
  keptFrom: number,
  now: number,
): Promise<void> {
  const { name } = periods.zone;
  const before = file.db.prepare('SELECT value FROM state WHERE key = ?').get(TIME_ZONE)?.value;
  if (before === name) return;
  const range = { from: startOf(keptFrom, HOURLY), to: now + HOUR };
  await source.catalog.refresh(range);
  const inventory = source.catalog.inventory(collector);
  const catalog = source.catalogOf(collector);
  const first = inventory.firstHour ?? range.to;
  file.write(() => {
    for (const resolution of RESOLUTIONS.slice(1)) {
      pending.forget(resolution);
      for (const period of periods.of(
        { from: Math.max(first, range.from), to: range.to },
        resolution,
      )) {
        if (inventory.stampOf(period.to - period.from, period.from) === null) continue;
        const { from, to } = countedPeriod(period, catalog);
        if (catalog.rollUpId(to - from, from) === undefined) pending.add(resolution, period.from);
      }
    }
    file.db.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)').run(TIME_ZONE, name);
  });
}
