'use client';

import type { LatencyHistoryWire } from '@/lib/api/health-schemas';
import { useLive } from '../../../_ui/live';
import { MOST_COMPARED, type NodeView } from './node-view';

/** The histories of the nodes compared with, in the order of the view; those not there yet, or unknown, are left out. */
export function useCompared(
  { compare, hours }: NodeView,
  everyMs: number,
  initial: readonly LatencyHistoryWire[],
): LatencyHistoryWire[] {
  const first = useOne(compare[0], hours, everyMs, initial);
  const second = useOne(compare[1], hours, everyMs, initial);
  const third = useOne(compare[2], hours, everyMs, initial);
  return [first, second, third].slice(0, MOST_COMPARED).filter((history) => history !== null);
}

function useOne(
  name: string | undefined,
  hours: number,
  everyMs: number,
  initial: readonly LatencyHistoryWire[],
): LatencyHistoryWire | null {
  const path = name
    ? `/health-monitoring/latency-history/${encodeURIComponent(name)}?hours=${hours}`
    : null;
  const loaded = initial.find((one) => one.hostname === name && one.hours === hours);
  const { data, pending } = useLive<LatencyHistoryWire>(path, everyMs, loaded);
  return path === null || pending ? null : (data ?? null);
}
