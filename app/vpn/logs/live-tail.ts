'use client';

import { useState } from 'react';
import useSWR from 'swr';
import type { LogEntryResponse, LogsResponse } from '@/lib/api/logs';
import { logCall } from '@/lib/calls/page-calls';
import { ask } from '../../_ui/polling';
import { type LogView, logParameters } from './log-view';

const EVERY_MS = 2_000;
/** Most lines kept on the page; older ones are a page away. */
const MOST = 1_000;

/** Returns the lines of a page and, while `on`, those written since on top of them. */
export function useLiveTail(
  first: readonly LogEntryResponse[],
  view: LogView,
  on: boolean,
): { entries: readonly LogEntryResponse[]; error: string | null } {
  const [added, setAdded] = useState<readonly LogEntryResponse[]>([]);
  const newest = added[0] ?? first[0];
  const call = logCall({ ...logParameters(view), after: newest?.id });
  const { error } = useSWR<LogsResponse, Error>(on ? call.path : null, () => ask(call), {
    refreshInterval: EVERY_MS,
    dedupingInterval: 0,
    onSuccess: ({ entries }) =>
      setAdded((before) => {
        const present = new Set(before.map(({ id }) => id));
        const fresh = entries.filter(({ id }) => !present.has(id));
        return fresh.length === 0 ? before : [...fresh, ...before].slice(0, MOST);
      }),
  });
  const live = new Set(added.map(({ id }) => id));
  const entries = [...added, ...first.filter(({ id }) => !live.has(id))];
  return { entries, error: error?.message ?? null };
}
