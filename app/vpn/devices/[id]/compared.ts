'use client';

import type { LatencyHistoryWire } from '@/lib/api/health-schemas';
import { useLive } from '../../../_ui/live';
import { asSeenBy } from '../../view';
import { MOST_COMPARED, type NodeView } from './node-view';

/** The histories of the nodes compared with, in the order of the view; those not there yet, or unknown, are left out. */
export function useCompared(
  { compare, ...view }: NodeView,
  everyMs: number,
  initial: readonly LatencyHistoryWire[],
): LatencyHistoryWire[] {
  const first = useOne(compare[0], view, everyMs, initial);
  const second = useOne(compare[1], view, everyMs, initial);
  const third = useOne(compare[2], view, everyMs, initial);
  return [first, second, third].slice(0, MOST_COMPARED).filter((history) => history !== null);
}

function useOne(
  name: string | undefined,
  { hours, collector }: Pick<NodeView, 'hours' | 'collector'>,
  everyMs: number,
  initial: readonly LatencyHistoryWire[],
): LatencyHistoryWire | null {
  const path = name
    ? asSeenBy(
        `/health-monitoring/latency-history/${encodeURIComponent(name)}?hours=${hours}`,
        collector,
      )
    : null;
  const loaded = initial.find((one) => one.hostname === name && one.hours === hours);
  const { data, pending } = useLive<LatencyHistoryWire>(path, everyMs, loaded);
  return path === null || pending ? null : (data ?? null);
}
