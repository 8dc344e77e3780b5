import { MINUTE } from '../util/time';
import { PATHS, type Path } from './device';

/** A quarter of an hour. */
export const QUARTER_MS = 15 * MINUTE;
/** How many a day has. */
export const QUARTERS = 96;

/** Consecutive quarters of an hour with the same path; `null`: not measured. */
export type PathRun = { path: Path | null; quarters: number };

const BADNESS: Record<Path, number> = { idle: 1, direct: 2, peer_relay: 3, relay: 4, offline: 5 };
const BY_BADNESS = [null, ...[...PATHS].sort((a, b) => BADNESS[a] - BADNESS[b])];

/**
 * Returns the worst path of each quarter of an hour of a day, oldest first, to the end of the one that `now` (epoch
 * milliseconds) is in. Even a short outage fills its quarter, so that none is hidden. `path` is the one now.
 */
export function pathRuns(
  spans: readonly { from: number; to: number; path: Path }[],
  path: Path,
  now: number,
): PathRun[] {
  const first = (Math.floor(now / QUARTER_MS) + 1 - QUARTERS) * QUARTER_MS;
  const worst = new Uint8Array(QUARTERS);
  for (const { from, to, path: then } of [...spans, { from: now, to: now, path }]) {
    const last = Math.min(QUARTERS - 1, Math.floor((to - first) / QUARTER_MS));
    for (let i = Math.max(0, Math.floor((from - first) / QUARTER_MS)); i <= last; i++) {
      worst[i] = Math.max(worst[i] ?? 0, BADNESS[then]);
    }
  }
  const runs: PathRun[] = [];
  let start = 0;
  for (let i = 1; i <= QUARTERS; i++) {
    if (worst[i] === worst[start]) continue;
    runs.push({ path: BY_BADNESS[worst[start] ?? 0] ?? null, quarters: i - start });
    start = i;
  }
  return runs;
}
