'use client';

import { useRef } from 'react';
import type { UsageWire } from '@/lib/api/schemas';
import { Empty } from '../_ui/empty';
import { useHold } from '../_ui/hold';
import { Panel } from '../_ui/panel';
import { HitRows, hitsCsv } from './hit-rows';
import { viewHref, viewQuery } from './view';
import { useView } from './view-context';

/** The last accesses. They stand still while they are pointed at, and say how many came meanwhile. */
export function RecentHits({ usage }: { usage: UsageWire }) {
  const { view } = useView();
  const { held, props } = useHold();
  const query = viewQuery(view);
  const shown = useRef({ query, usage });
  if (!held || shown.current.query !== query) shown.current = { query, usage };
  const missed = usage.total_accesses - shown.current.usage.total_accesses;
  const hits = shown.current.usage.recent;
  return (
    <Panel
      title="Last accesses"
      note={
        <>
          <a href={viewHref(view, '/vpn/accesses')}>All accesses</a>
          {missed > 0 && ` · ${missed} more just now`}
        </>
      }
      csv={() => hitsCsv('last-accesses', hits)}
    >
      <div {...props}>
        {hits.length === 0 ? (
          <Empty title="No accesses in this range" />
        ) : (
          <HitRows hits={hits} caption="The last accesses" />
        )}
      </div>
    </Panel>
  );
}
