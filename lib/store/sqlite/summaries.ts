import { DAY } from '../../util/time';
import type { SummaryStore, TailnetSummary } from '../ports/summaries';
import type { SqliteFile } from './file';

/** Summaries are hourly: three years of them are small. */
const KEPT_MS = 3 * 366 * DAY;

export class SqliteSummaries implements SummaryStore {
  constructor(private readonly file: SqliteFile) {}

  async addTailnetSummary(summary: TailnetSummary): Promise<void> {
    this.file.write(() => this.add(summary));
  }

  /** Use inside a transaction. */
  add({ time, summary }: TailnetSummary): void {
    const { db } = this.file;
    db.prepare('INSERT OR REPLACE INTO tailnet_summaries VALUES (?, ?)').run(
      time,
      JSON.stringify(summary),
    );
    db.prepare('DELETE FROM tailnet_summaries WHERE time < ?').run(time - KEPT_MS);
  }

  async lastTailnetSummary(): Promise<TailnetSummary | null> {
    const row = this.file.db
      .prepare('SELECT * FROM tailnet_summaries ORDER BY time DESC LIMIT 1')
      .get();
    return row ? { time: Number(row.time), summary: JSON.parse(String(row.summary)) } : null;
  }
}
