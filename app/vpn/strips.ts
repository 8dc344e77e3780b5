'use client';

import { useState } from 'react';
import type { NodesResponse } from '@/lib/api/health-schemas';
import { advanceStrip, pathStrip, type Strip } from '../_ui/path-runs';

/** The day of each critical node, by its id. */
export type Strips = Readonly<Record<string, Strip>>;

/** The day's paths as the page was loaded with them, carried on by every answer about the critical nodes. */
export function useStrips(initial: Strips, critical: NodesResponse | undefined): Strips {
  const [known, setKnown] = useState(() => ({ critical, strips: advanced(initial, critical) }));
  if (known.critical === critical) return known.strips;
  const strips = advanced(known.strips, critical);
  setKnown({ critical, strips });
  return strips;
}

/** The strips with one more answer; nodes that are not in it keep theirs. */
export function advanced(strips: Strips, critical: NodesResponse | undefined): Strips {
  if (!critical) return strips;
  const now = Date.parse(critical.generated_at);
  return {
    ...strips,
    ...Object.fromEntries(
      critical.nodes.map(({ id, path }) => [
        id,
        advanceStrip(strips[id] ?? pathStrip([], now), path, now),
      ]),
    ),
  };
}
