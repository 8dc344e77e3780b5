import { randomBytes } from 'node:crypto';
import { flux } from '@influxdata/influxdb-client';
import * as z from 'zod';
import { isSaid, type Said } from '../../domain/said';
import { DAY, MINUTE } from '../../util/time';
import type { AuditEntry, AuditPage, AuditStore } from '../ports/audit';
import { matchCursor } from '../ports/cursor';
import type { Influx } from './client';
import { instant } from './flux-parts';
import { line, text } from './lines';

const YEAR = 366 * DAY;
const said: z.ZodType<Said> = z.any().refine((value) => isSaid(value));
const entrySchema = z.object({
  id: z.number(),
  time: z.number(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  said: said.optional().catch(undefined),
  requestId: z.string(),
});

/** Audits actions on web replicas, which have no disk of their own to record them on. */
export class InfluxAudit implements AuditStore {
  constructor(private readonly influx: Influx) {}

  async addAudit(entry: Omit<AuditEntry, 'id'>): Promise<void> {
    const within = randomBytes(4).readUInt32LE() % 1_000_000;
    const stored = { ...entry, id: entry.time * 1_000 + (within % 1_000) };
    const fields = { entry: text(JSON.stringify(stored)) };
    const at = `${entry.time}${String(within).padStart(6, '0')}`;
    const point = line('observatory_audit', { from: 'replica' }, fields, at);
    await this.influx.save('rollups', [point]);
  }

  async audit(limit: number, cursor: string | null): Promise<AuditPage> {
    if (cursor !== null) matchCursor(cursor, /^\d{16,19}$/);
    const now = Date.now();
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('rollups')})
        |> range(start: ${instant(now - 3 * YEAR)}, stop: ${instant(now + MINUTE)})
        |> filter(fn: (r) => r._measurement == "observatory_audit" and r._field == "entry")
        |> map(fn: (r) => ({_value: r._value, at: int(v: r._time)}))
        |> filter(fn: (r) => ${cursor === null} or r.at < int(v: ${cursor ?? '0'}))
        |> group() |> sort(columns: ["at"], desc: true) |> limit(n: ${limit + 1})`,
      (get) => ({ value: get('_value'), at: get('at') }),
    );
    const last = rows[limit - 1];
    return {
      entries: rows.slice(0, limit).map(({ value }) => entrySchema.parse(JSON.parse(value))),
      nextCursor: rows.length > limit && last ? last.at : null,
    };
  }
}
