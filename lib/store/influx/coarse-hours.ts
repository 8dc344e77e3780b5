import { HOURLY } from '../../rollup/resolutions';
import { StoreUnavailable } from '../ports/store-unavailable';
import type { SqliteFile } from '../sqlite/file';
import type { InfluxHitSource } from './hit-source';
import type { PendingRollUps } from './pending-roll-ups';

/** In the collector's own database: whether the hours of earlier versions are pending, or made again. */
const NOTED = 'coarse_hours_noted';

type Collector = {
  file: SqliteFile;
  source: InfluxHitSource;
  pending: PendingRollUps;
  collector: string;
};

/**
 * Once, makes all hours since `from` pending whose response times an earlier version counted in coarser buckets, so that
 * they are made again, and what is made of them. Without InfluxDB it is left for the next call: the sender says why.
 */
export async function recountHours(
  { file, source, pending, collector }: Collector,
  from: number,
): Promise<void> {
  const noted = file.db.prepare('SELECT value FROM state WHERE key = ?').get(NOTED);
  if (noted) return;
  const { catalog } = source;
  const range = { from: from + HOURLY, to: Number.MAX_SAFE_INTEGER };
  try {
    await catalog.refresh({ from: range.from, to: range.from + HOURLY });
  } catch (error) {
    if (error instanceof StoreUnavailable) return;
    throw error;
  }
  const inventory = catalog.inventory(collector);
  file.write(() => {
    for (const hour of inventory.hoursIn(range, ['raw'])) {
      const seq = inventory.seqOf('raw', hour) ?? '';
      if (inventory.edition('raw', HOURLY, hour, seq) === 1) pending.add(HOURLY, hour);
    }
    file.db.prepare('INSERT INTO state VALUES (?, ?)').run(NOTED, 'yes');
  });
}
