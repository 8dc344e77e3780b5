import type { CountedSum, TrafficSum } from '../../domain/traffic';
import type { TrafficStep } from '../../domain/traffic-buckets';
import { line, nanos, tagKey, text, whole } from './lines';

/** Returns the sums of an hour or a day as a point at its start; overwritten as they grow. */
export function trafficLine(sum: TrafficSum, step: TrafficStep, collector: string): string {
  const tags = {
    collector,
    hostname: sum.hostname,
    node_id: tagKey(sum.nodeId),
    path: sum.path,
    region: sum.region ?? 'none',
    step,
    user: sum.user,
  };
  const fields = {
    rx_bytes: whole(sum.rxBytes),
    tx_bytes: whole(sum.txBytes),
    sums: text(JSON.stringify(sum)),
  };
  return line('tailscale_traffic', tags, fields, nanos(sum.start));
}

/** Returns what tailscaled counted by itself in an hour or a day as a point; overwritten as it grows. */
export function countedLine(sum: CountedSum, step: TrafficStep, collector: string): string {
  const fields = {
    rx_bytes: whole(sum.rxBytes),
    tx_bytes: whole(sum.txBytes),
    sums: text(JSON.stringify(sum)),
  };
  const tags = { collector, path: sum.path, step };
  return line('tailscale_traffic_counted', tags, fields, nanos(sum.start));
}
