import { HOURLY, startOf } from '../../rollup/resolutions';
import { SECOND } from '../../util/time';
import type { Database } from '../sqlite/driver';
import { RollUpTable } from '../sqlite/roll-up-table';
import type { BucketKind } from './client';
import { timeOf } from './hit-codec';
import type { NamedVisitor, OwnNames } from './own-names';
import { changeLine, hitLine, hourLine, rollUpLine } from './points';
import { encodeRollUp } from './roll-up-codec';
import type { SpooledRow } from './spool';

/** The lines of line protocol that rows of the spool become. */
export type OutgoingLines = Record<BucketKind, string[]> & {
  /** For the raw bucket: records of what the others have changed, sent after them. */
  changes: string[];
  /** Roll-ups to be made of it. */
  pending: { resolution: number; start: number }[];
};

/** Converts a collector's spool into lines. */
export class SpoolEncoder {
  constructor(
    private readonly db: Database,
    private readonly collector: string,
    private readonly names: OwnNames,
  ) {}

  linesOf(rows: readonly SpooledRow[], now: number): OutgoingLines {
    const lines: OutgoingLines = { raw: [], rollups: [], state: [], changes: [], pending: [] };
    const visitors = this.names.visitors();
    /** By the start of the hour: the time of its first hit here. */
    const hours = new Map<number, number>();
    for (const row of rows) {
      if (row.kind === 'lines') lines[row.bucket].push(...row.lines);
      else if (row.kind === 'past') this.addPast(row.hour, visitors, now, lines);
      else {
        for (const hit of row.hits) {
          lines.raw.push(hitLine(hit, this.collector, visitors));
          const time = timeOf(hit);
          const hour = startOf(time, HOURLY);
          hours.set(hour, Math.min(time, hours.get(hour) ?? time));
        }
      }
    }
    const seq = `${now.toString(36)}.${Math.random().toString(36).slice(2, 8)}`;
    for (const [hour, first] of hours) {
      // Points are read from a whole second on.
      const change = { layer: 'raw', hour, from: startOf(first, SECOND), seq };
      lines.pending.push({ resolution: HOURLY, start: hour });
      lines.rollups.push(hourLine(this.collector, 'raw', hour, seq));
      lines.changes.push(changeLine(this.collector, now, change));
    }
    return lines;
  }

  /** Adds an hour of which InfluxDB has no hits, from the roll-up in our own database. */
  private addPast(
    hour: number,
    visitors: ReadonlyMap<number, NamedVisitor>,
    now: number,
    lines: OutgoingLines,
  ): void {
    lines.pending.push({ resolution: HOURLY, start: hour });
    const row = this.db
      .prepare('SELECT id FROM rollups WHERE step = ? AND start = ?')
      .get(HOURLY, hour);
    if (!row) return;
    const { collector } = this;
    const seq = `past.${row.id}.${Number(row.id).toString(36)}`;
    const endpoints = this.names.endpoints();
    const packed = encodeRollUp(new RollUpTable(this.db).read(HOURLY, hour), seq, {
      visitorKey: (id) => visitors.get(id)?.key ?? '',
      endpointOf: (id) => endpoints[id] ?? { host: null, endpoint: '' },
    });
    lines.rollups.push(
      rollUpLine(collector, 'past', HOURLY, hour, packed, seq),
      hourLine(collector, 'past', hour, seq),
    );
    lines.changes.push(changeLine(collector, now, { layer: 'past', hour, from: hour, seq }));
  }
}
