import { flux } from '@influxdata/influxdb-client';
import * as z from 'zod';
import type { TimeRange } from '../../../domain/access';
import { CONNECTION_TYPES, type Connection } from '../../../domain/connection';
import {
  type ConnectionSums,
  countSteps,
  historyOf,
  historySteps,
  sumsOfRounds,
  toCounts,
} from '../../../rollup/connection-sums';
import { DAY, MINUTE } from '../../../util/time';
import type { ConnectionHistory } from '../../ports/connections';
import type { Influx } from '../client';
import { instant, tagged } from '../flux-parts';
import { tagKey } from '../lines';
import { mergedBy } from './merge-sums';
import { readings } from './readings';

/** How far ahead of our clock a collector's may be. */
const AHEAD_MS = 365 * DAY + MINUTE;

const roundSchema = z.object({
  time: z.number(),
  nodeId: z.string(),
  hostname: z.string(),
  connectionType: z.enum(CONNECTION_TYPES),
  relayNode: z.string(),
  endpoint: z.string().nullable(),
  latencyAvg: z.number().nullable(),
  latencyMin: z.number().nullable(),
  latencyMax: z.number().nullable(),
  jitter: z.number().nullable(),
  sent: z.number(),
  received: z.number(),
  txBytes: z.number(),
  rxBytes: z.number(),
});
const sumsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

const byHostname = (a: { hostname: string }, b: { hostname: string }) =>
  a.hostname < b.hostname ? -1 : 1;

/** The rounds of pings of one collector, or of all added up. */
export function replicaConnections(influx: Influx, only: string | null): ConnectionHistory {
  const soon = () => instant(Date.now() + AHEAD_MS);
  const sumsOf = async ({ from, to }: TimeRange, step: number, nodeId: string | null) => {
    const rounds = await readings(
      influx,
      flux`from(bucket: ${influx.bucket('rollups')})
        |> range(start: ${instant(from)}, stop: ${instant(to)})
        |> filter(fn: (r) => r._measurement == "observatory_latency" and r._field == "sums")
        |> filter(fn: (r) => r.step == ${String(step)})
        ${tagged('node_id', nodeId === null ? null : tagKey(nodeId))}
        ${tagged('collector', only)} |> keep(columns: ["_value", "collector"])`,
    );
    return rounds.map(({ value }): ConnectionSums => sumsSchema.parse(JSON.parse(value)));
  };
  const roundsOf = async (nodeId: string, { from, to }: TimeRange) => {
    const found = await readings(
      influx,
      flux`from(bucket: ${influx.bucket('raw')}) |> range(start: ${instant(from)}, stop: ${instant(to)})
        |> filter(fn: (r) => r._measurement == "tailscale_connections" and r._field == "round")
        ${tagged('node_id', tagKey(nodeId))} ${tagged('collector', only)}
        |> keep(columns: ["_value", "collector"])`,
    );
    return found.map(({ value }) => roundSchema.parse(JSON.parse(value)));
  };
  return {
    async recentRounds(nodeId, limit) {
      const rounds = await readings(
        influx,
        flux`from(bucket: ${influx.bucket('raw')}) |> range(start: -3650d, stop: ${soon()})
          |> filter(fn: (r) => r._measurement == "tailscale_connections" and r._field == "round")
          ${tagged('node_id', tagKey(nodeId))} ${tagged('collector', only)}
          |> group() |> sort(columns: ["_time"], desc: true) |> limit(n: ${limit})
          |> keep(columns: ["_value", "collector"])`,
      );
      return rounds.map(({ value }) => roundSchema.parse(JSON.parse(value)));
    },

    async lastConnections() {
      const rounds = await readings(
        influx,
        flux`from(bucket: ${influx.bucket('raw')}) |> range(start: -3650d, stop: ${soon()})
          |> filter(fn: (r) => r._measurement == "tailscale_connections" and r._field == "round")
          ${tagged('collector', only)} |> last() |> keep(columns: ["_value", "collector"])`,
      );
      const last = new Map<string, Connection>();
      for (const { value } of rounds) {
        const round = roundSchema.parse(JSON.parse(value));
        if (round.time > (last.get(round.nodeId)?.time ?? -1)) last.set(round.nodeId, round);
      }
      return [...last.values()].sort(byHostname);
    },

    async latencyHistory(nodeId, range, intervalMs) {
      const { step, first, ofRounds } = historySteps(range, intervalMs);
      if (ofRounds) {
        const rounds = await roundsOf(nodeId, { from: first, to: range.to });
        return historyOf(sumsOfRounds(rounds, step), range, intervalMs);
      }
      const sums = await sumsOf({ from: first, to: range.to }, step, nodeId);
      const merged = mergedBy(sums, ({ start }) => String(start));
      return historyOf(merged, range, intervalMs);
    },

    async connectionCounts(range) {
      const { step, first } = countSteps(range);
      const sums = await sumsOf({ from: first, to: range.to }, step, null);
      const merged = mergedBy(sums, ({ node_id }) => String(node_id));
      return merged.map(toCounts).sort(byHostname);
    },
  };
}
