'use client';

import { useState } from 'react';
import type { MonitoredDevicesResponse } from '@/lib/api/health-schemas';
import { advanceStrip, pathStrip, type Strip } from '../_ui/path-runs';

/** The last day of each critical device, by its id. */
export type Strips = Readonly<Record<string, Strip>>;

/** Extends the day's paths the page was loaded with by every answer about the critical devices. */
export function useStrips(initial: Strips, critical: MonitoredDevicesResponse | undefined): Strips {
  const [latest, setLatest] = useState(() => ({ critical, strips: advanced(initial, critical) }));
  if (latest.critical === critical) return latest.strips;
  const strips = advanced(latest.strips, critical);
  setLatest({ critical, strips });
  return strips;
}

/** Returns the strips extended by one answer; devices that are not in it keep theirs. */
export function advanced(strips: Strips, critical: MonitoredDevicesResponse | undefined): Strips {
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
