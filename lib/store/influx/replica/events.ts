import { flux } from '@influxdata/influxdb-client';
import * as z from 'zod';
import { EVENT_KINDS } from '../../../domain/event';
import { matchCursor } from '../../ports/cursor';
import type { EventHistory } from '../../ports/events';
import type { Influx } from '../client';
import { instant, tagged } from '../flux-parts';
import { tagKey } from '../lines';

const eventSchema = z.object({
  id: z.number(),
  time: z.number(),
  kind: z.enum(EVENT_KINDS),
  nodeId: z.string().nullable(),
  hostname: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

/** The events that one collector has found, or all. A cursor is the time of a point in nanoseconds. */
export function replicaEvents(influx: Influx, only: string | null): EventHistory {
  return {
    async events({ from, to }, { kind, nodeId }, limit, cursor) {
      if (cursor !== null) matchCursor(cursor, /^\d{16,19}$/);
      const rows = await influx.rows(
        flux`from(bucket: ${influx.bucket('rollups')})
          |> range(start: ${instant(from)}, stop: ${instant(to)})
          |> filter(fn: (r) => r._measurement == "tailscale_events" and r._field == "event")
          ${tagged('kind', kind ?? null)} ${tagged('collector', only)}
          ${tagged('node_id', nodeId === undefined ? null : tagKey(nodeId))}
          |> map(fn: (r) => ({_value: r._value, at: int(v: r._time)}))
          |> filter(fn: (r) => ${cursor === null} or r.at < int(v: ${cursor ?? '0'}))
          |> group() |> sort(columns: ["at"], desc: true) |> limit(n: ${limit + 1})`,
        (get) => ({ value: get('_value'), at: get('at') }),
      );
      const page = rows.slice(0, limit);
      return {
        events: page.map(({ value }) => eventSchema.parse(JSON.parse(value))),
        nextCursor: rows.length > limit ? (page.at(-1)?.at ?? null) : null,
      };
    },
  };
}
