import { PATHS, type Path } from '@/lib/domain/device';
import { MINUTE } from '@/lib/util/time';

/** How long one cell of a strip is. */
export const CELL_MS = 15 * MINUTE;
/** A strip is a day long. */
const CELLS = 96;

/** Consecutive quarters of an hour with the same path; `null`: not measured. */
export type PathRun = { path: Path | null; cells: number };
/** The worst path of each quarter of an hour, oldest first. `until` is the end of the last one, epoch milliseconds. */
export type Strip = { until: number; runs: PathRun[] };

const BADNESS: Record<Path, number> = { idle: 1, direct: 2, peer_relay: 3, relay: 4, offline: 5 };
const BY_BADNESS = [null, ...[...PATHS].sort((a, b) => BADNESS[a] - BADNESS[b])];

/** Returns the worse of two paths; any path is worse than an unknown one. */
export function worsePath(a: Path | null, b: Path | null): Path | null {
  return (a ? BADNESS[a] : 0) >= (b ? BADNESS[b] : 0) ? a : b;
}

/** Returns the day up to `now` as a strip. Even a short outage fills its quarter of an hour, so that none is hidden. */
export function pathStrip(
  spans: readonly { from: number; to: number; path: Path }[],
  now: number,
): Strip {
  const until = cellEnd(now);
  const first = until - CELLS * CELL_MS;
  const worst = new Uint8Array(CELLS);
  for (const { from, to, path } of spans) {
    const last = Math.min(CELLS - 1, Math.floor((to - first) / CELL_MS));
    for (let i = Math.max(0, Math.floor((from - first) / CELL_MS)); i <= last; i++) {
      worst[i] = Math.max(worst[i] ?? 0, BADNESS[path]);
    }
  }
  const runs: PathRun[] = [];
  let start = 0;
  for (let i = 1; i <= CELLS; i++) {
    if (worst[i] === worst[start]) continue;
    runs.push({ path: BY_BADNESS[worst[start] ?? 0] ?? null, cells: i - start });
    start = i;
  }
  return { until, runs };
}

/** Returns the strip extended to `now` with `path`: old quarters are dropped, unmeasured ones stay unknown. */
export function advanceStrip(strip: Strip, path: Path, now: number): Strip {
  const until = cellEnd(now);
  const passed = Math.min(CELLS, Math.max(0, Math.round((until - strip.until) / CELL_MS)));
  const runs = strip.runs.map((run) => ({ ...run }));
  append(runs, null, passed);
  let gone = passed;
  while (gone > 0 && runs[0]) {
    const left = Math.min(gone, runs[0].cells);
    runs[0].cells -= left;
    gone -= left;
    if (runs[0].cells === 0) runs.shift();
  }
  const last = runs.at(-1);
  if (last) {
    last.cells--;
    const worst = worsePath(last.path, path);
    if (last.cells === 0) runs.pop();
    append(runs, worst, 1);
  }
  return { until, runs };
}

/** Converts a strip into stretches of an axis, from 0 to 1. */
export function stripPieces({ runs }: Pick<Strip, 'runs'>) {
  const starts = runs.map((_, index) =>
    runs.slice(0, index).reduce((sum, { cells }) => sum + cells, 0),
  );
  return runs.map(({ path, cells }, index) => ({
    path,
    start: (starts[index] ?? 0) / CELLS,
    width: cells / CELLS,
  }));
}

const cellEnd = (now: number) => (Math.floor(now / CELL_MS) + 1) * CELL_MS;

function append(runs: PathRun[], path: Path | null, cells: number): void {
  if (cells === 0) return;
  const last = runs.at(-1);
  if (last && last.path === path) last.cells += cells;
  else runs.push({ path, cells });
}
