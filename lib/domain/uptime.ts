import type { TimeRange } from './access';
import type { PathSpan } from './connection';

/** How long a device was up, out of the time in which that is known; milliseconds. */
export type Uptime = { upMs: number; knownMs: number };

/** Adds up the spans of one device within a range. Gaps between them are times when its state was unknown. */
export function uptimeOf(spans: readonly PathSpan[], { from, to }: TimeRange): Uptime {
  const uptime = { upMs: 0, knownMs: 0 };
  for (const span of spans) {
    const ms = Math.min(span.to, to) - Math.max(span.from, from);
    if (ms <= 0) continue;
    uptime.knownMs += ms;
    if (span.path !== 'offline') uptime.upMs += ms;
  }
  return uptime;
}

/** Returns a share from 0 to 1; `null` when nothing is known. */
export function uptimeShare({ upMs, knownMs }: Uptime): number | null {
  return knownMs > 0 ? upMs / knownMs : null;
}
