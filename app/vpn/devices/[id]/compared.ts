'use client';

import type { LatencyHistoryResponse } from '@/lib/api/health-schemas';
import type { Loaded, Resource } from '@/lib/calls/call';
import { usePolling } from '../../../_ui/polling';

/** Returns the histories of the compared devices (three at most), in the order of the view, without those not loaded yet or unknown. */
export function useCompared(
  calls: readonly Resource<LatencyHistoryResponse>[],
  everyMs: number,
  loaded: readonly Loaded<LatencyHistoryResponse>[],
): LatencyHistoryResponse[] {
  const first = useOne(calls[0], everyMs, loaded);
  const second = useOne(calls[1], everyMs, loaded);
  const third = useOne(calls[2], everyMs, loaded);
  return [first, second, third].filter((history) => history !== null);
}

function useOne(
  call: Resource<LatencyHistoryResponse> | undefined,
  everyMs: number,
  loaded: readonly Loaded<LatencyHistoryResponse>[],
): LatencyHistoryResponse | null {
  const before = loaded.find(({ path }) => path === call?.path);
  const { data, pending } = usePolling(call ?? null, everyMs, before);
  return call === undefined || pending ? null : (data ?? null);
}
