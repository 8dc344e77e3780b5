import { flux, fluxExpression } from '@influxdata/influxdb-client';
import * as z from 'zod';
import type { TimeRange } from '../../../domain/access';
import type { PathSpan } from '../../../domain/connection';
import { PATHS } from '../../../domain/device';
import type { PathHistory } from '../../ports/paths';
import type { Influx } from '../client';
import { instant, tagged } from '../flux-parts';
import { tagKey } from '../lines';
import { type Reading, readings } from './readings';

const spanSchema = z.object({
  nodeId: z.string(),
  from: z.number(),
  to: z.number(),
  path: z.enum(PATHS),
});

/**
 * The paths that one collector has seen, or all: for each device as one collector saw it, since two collectors see two
 * paths.
 */
export function replicaPaths(influx: Influx, only: string | null): PathHistory {
  return {
    async pathSpans(deviceIds, range) {
      if (deviceIds?.length === 0) return [];
      const bucket = influx.bucket('rollups');
      // Comparisons, not `contains`: only those are evaluated where the points are.
      const ofDevices =
        deviceIds?.map((id) => flux`r.node_id == ${tagKey(id)}`).join(' or ') ?? 'true';
      const rows = await readings(
        influx,
        flux`spans = (tables=<-) => tables
            |> filter(fn: (r) => r._measurement == "tailscale_health" and r._field == "span")
            |> filter(fn: (r) => ${fluxExpression(ofDevices)}) ${tagged('collector', only)}
          from(bucket: ${bucket}) |> range(start: 0, stop: ${instant(range.from)}) |> spans()
            |> last() |> keep(columns: ["_value", "collector"]) |> yield(name: "before")
          from(bucket: ${bucket})
            |> range(start: ${instant(range.from)}, stop: ${instant(range.to)}) |> spans()
            |> keep(columns: ["_value", "collector"]) |> yield(name: "within")`,
      );
      return spansOf(rows, range);
    },
  };
}

/** Returns the spans that touch a range, oldest first; for each device those of the first collector that saw it. */
function spansOf(found: readonly Reading[], { from, to }: TimeRange): PathSpan[] {
  const observer = new Map<string, string>();
  const spans = new Map<string, { span: PathSpan; collector: string }>();
  for (const { collector, value } of found) {
    const span = spanSchema.parse(JSON.parse(value));
    if (span.to < from || span.from >= to) continue;
    const first = observer.get(span.nodeId);
    if (first === undefined || collector < first) observer.set(span.nodeId, collector);
    // A span is written again as it lengthens: the longest counts.
    const key = JSON.stringify([collector, span.nodeId, span.from]);
    if (span.to >= (spans.get(key)?.span.to ?? 0)) spans.set(key, { span, collector });
  }
  return [...spans.values()]
    .filter(({ span, collector }) => observer.get(span.nodeId) === collector)
    .map(({ span }) => span)
    .sort((a, b) => a.from - b.from);
}
