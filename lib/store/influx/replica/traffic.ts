import { flux, fluxExpression } from '@influxdata/influxdb-client';
import * as z from 'zod';
import type { TimeRange } from '../../../domain/access';
import { TRAFFIC_PATHS } from '../../../domain/traffic';
import type { TrafficStep } from '../../../domain/traffic-buckets';
import type { TrafficHistory } from '../../ports/traffic';
import type { Influx } from '../client';
import { instant, tagged } from '../flux-parts';
import { tagKey } from '../lines';
import { trafficBucket } from '../sent-traffic';
import { readings } from './readings';

const countedSchema = z.object({
  start: z.number(),
  path: z.enum(TRAFFIC_PATHS),
  rxBytes: z.number(),
  txBytes: z.number(),
});
const sumSchema = countedSchema.extend({
  nodeId: z.string(),
  hostname: z.string(),
  user: z.string(),
  userName: z.string(),
  region: z.string().nullable(),
});

/** What travelled between one collector's device and the others; or between those of all and theirs, added up. */
export function replicaTraffic(influx: Influx, only: string | null): TrafficHistory {
  const sums = async (
    measurement: string,
    step: TrafficStep,
    { from, to }: TimeRange,
    ofDevices: string,
  ) => {
    const found = await readings(
      influx,
      flux`from(bucket: ${influx.bucket(trafficBucket(step))})
        |> range(start: ${instant(from)}, stop: ${instant(to)})
        |> filter(fn: (r) => r._measurement == ${measurement} and r._field == "sums")
        |> filter(fn: (r) => r.step == ${step}) |> filter(fn: (r) => ${fluxExpression(ofDevices)})
        ${tagged('collector', only)} |> keep(columns: ["_value", "collector"])`,
    );
    return found.map(({ value }): unknown => JSON.parse(value));
  };
  return {
    async trafficSums(step, range, deviceIds) {
      if (deviceIds?.length === 0) return [];
      // Comparisons, not `contains`: only those are evaluated where the points are.
      const ofDevices =
        deviceIds?.map((id) => flux`r.node_id == ${tagKey(id)}`).join(' or ') ?? 'true';
      const found = await sums('tailscale_traffic', step, range, ofDevices);
      return z.array(sumSchema).parse(found).sort(byStart);
    },

    async countedSums(step, range) {
      const found = await sums('tailscale_traffic_counted', step, range, 'true');
      return z.array(countedSchema).parse(found).sort(byStart);
    },

    async trafficSince() {
      const starts = await influx.rows(
        flux`from(bucket: ${influx.bucket('rollups')}) |> range(start: -3650d)
          |> filter(fn: (r) => r._measurement == "tailscale_traffic" and r._field == "rx_bytes")
          ${tagged('collector', only)} |> first() |> group() |> min(column: "_time")
          |> map(fn: (r) => ({at: int(v: r._time)}))`,
        (get) => Number(get('at')) / 1e6,
      );
      return starts[0] ?? null;
    },
  };
}

const byStart = (a: { start: number }, b: { start: number }) => a.start - b.start;
