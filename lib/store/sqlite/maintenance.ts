import { statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { UTC_PERIODS } from '../../rollup/periods';
import { DAY } from '../../util/time';
import type { Maintenance, Retention } from '../ports/maintenance';
import { recountHours } from './coarse-hours';
import { pruneConnections } from './connections';
import { storeUnavailable } from './driver';
import type { SqliteFile } from './file';
import { makeRollUps } from './roll-up-maker';
import { pruneRollUps } from './roll-up-writer';
import { sliceStored } from './slice-stored';
import { pruneTraffic } from './traffic';

/** The number of roll-ups in one call, so that a call takes well under a tenth of a second. */
const ROLLUPS_PER_CALL = 8;
const HOURS_PER_CALL = 8;
const SLICED_PER_CALL = 8;

export class SqliteMaintenance implements Maintenance {
  constructor(
    private readonly file: SqliteFile,
    private readonly periods = UTC_PERIODS,
  ) {}

  async rollUp(now: number): Promise<boolean> {
    if (makeRollUps(this.file, this.periods, now, ROLLUPS_PER_CALL)) return true;
    return sliceStored(this.file, now, SLICED_PER_CALL);
  }

  async recount(): Promise<boolean> {
    return recountHours(this.file, HOURS_PER_CALL);
  }

  async prune(now: number, { rawDays, rollupDays }: Retention): Promise<void> {
    this.file.write(() => {
      this.file.db.prepare('DELETE FROM hit_blocks WHERE hour < ?').run(now - rawDays * DAY);
      const old = now - rollupDays * DAY;
      pruneRollUps(this.file.db, old);
      pruneConnections(this.file.db, now - rawDays * DAY, old);
      this.file.db.prepare('DELETE FROM path_spans WHERE "end" < ?').run(old);
      this.file.db.prepare('DELETE FROM events WHERE time < ?').run(old);
      pruneTraffic(this.file.db, now, now - rawDays * DAY, old);
      this.file.db.prepare('DELETE FROM inventory_changes WHERE time < ?').run(old);
      this.file.db.prepare('DELETE FROM inventory_devices WHERE noted_at < ?').run(old);
      this.pruneAlerts(old);
      this.file.db.prepare('DELETE FROM audit WHERE time < ?').run(old);
    });
  }

  private pruneAlerts(before: number): void {
    const run = (sql: string) => this.file.db.prepare(sql).run(before);
    run("DELETE FROM alerts WHERE state = 'resolved' AND resolved_at < ?");
    run('DELETE FROM alert_mutes WHERE "end" < ?');
    run(
      "DELETE FROM alert_messages WHERE state IN ('sent', 'failed', 'unconfirmed') AND attempted_at < ?",
    );
    run('DELETE FROM alert_topics WHERE told_at < ?');
    // Left by a channel that is no longer set up.
    run("DELETE FROM alert_notices WHERE json_extract(notice, '$.at') < ?");
  }

  async backup(file: string): Promise<void> {
    const unfinished = `${file}.unfinished`;
    await rm(unfinished, { force: true });
    try {
      this.file.db.prepare('VACUUM INTO ?').run(unfinished);
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw storeUnavailable(error, file);
    }
  }

  async size(): Promise<number> {
    // At once: waiting for a thread takes a hundred times as long as looking.
    return ['', '-wal']
      .map((suffix) => statSync(this.file.file + suffix, { throwIfNoEntry: false })?.size ?? 0)
      .reduce((a, b) => a + b, 0);
  }
}
