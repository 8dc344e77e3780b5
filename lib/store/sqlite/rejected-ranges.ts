import type { RejectedRange } from '../../domain/access';
import type { Reread } from '../ports/ingest';
import type { IsNew } from './commit';
import type { Database } from './driver';

/** The most ranges of rejected lines remembered; the oldest are dropped first. A log in an unknown format is one. */
const MOST_RANGES = 100_000;

/** Stores rejected lines as ranges of offsets; use its writing methods inside a transaction. */
export class RejectedRanges {
  constructor(private readonly db: Database) {}

  all(): RejectedRange[] {
    const rows = this.db.prepare('SELECT * FROM rejected_ranges ORDER BY file, start').all();
    return rows.map((row) => ({
      file: Number(row.file),
      start: Number(row.start),
      end: Number(row.end),
      knowledge: String(row.knowledge),
    }));
  }

  /**
   * Removes what has been read again, and returns the parts that were still stored: only their positions may be stored
   * though they are before the checkpoint.
   */
  take(reread: readonly Reread[]): Reread[] {
    const find = this.db.prepare(
      'SELECT id, "end" FROM rejected_ranges WHERE file = ? AND start = ?',
    );
    const forget = this.db.prepare('DELETE FROM rejected_ranges WHERE id = ?');
    const shorten = this.db.prepare('UPDATE rejected_ranges SET start = ? WHERE id = ?');
    return reread.filter(({ file, start, end }) => {
      const row = find.get(file, start);
      if (!row) return false;
      if (Number(row.end) <= end) forget.run(Number(row.id));
      else shorten.run(end, Number(row.id));
      return true;
    });
  }

  /** Adds ranges; one that begins where another of the same knowledge ends extends it. */
  add(ranges: readonly RejectedRange[], isNew: IsNew): void {
    const before = this.db.prepare(
      'SELECT id, "end", knowledge FROM rejected_ranges WHERE file = ? AND start < ? ORDER BY start DESC LIMIT 1',
    );
    const lengthen = this.db.prepare('UPDATE rejected_ranges SET "end" = ? WHERE id = ?');
    const add = this.db.prepare(
      `INSERT INTO rejected_ranges (file, start, "end", knowledge) VALUES (?, ?, ?, ?)
       ON CONFLICT (file, start) DO UPDATE SET "end" = excluded."end", knowledge = excluded.knowledge`,
    );
    let added = false;
    for (const { file, start, end, knowledge } of ranges) {
      if (!isNew(file, start)) continue;
      const last = before.get(file, start);
      if (last && Number(last.end) === start && last.knowledge === knowledge) {
        lengthen.run(end, Number(last.id));
      } else {
        add.run(file, start, end, knowledge);
        added = true;
      }
    }
    if (!added) return;
    this.db
      .prepare('DELETE FROM rejected_ranges WHERE id <= (SELECT MAX(id) FROM rejected_ranges) - ?')
      .run(MOST_RANGES);
  }
}

/** Returns a function that tells whether a position is in one of `parts`. */
export function within(parts: readonly Reread[]): IsNew {
  const byFile = new Map<number, Reread[]>();
  for (const part of parts) {
    const own = byFile.get(part.file);
    if (own) own.push(part);
    else byFile.set(part.file, [part]);
  }
  for (const own of byFile.values()) own.sort((a, b) => a.start - b.start);
  return (file, offset) => {
    const own = byFile.get(file) ?? [];
    let low = 0;
    let high = own.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((own[middle]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const part = own[low - 1];
    return part !== undefined && offset < part.end;
  };
}
