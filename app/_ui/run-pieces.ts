import { type PathRun, QUARTERS } from '@/lib/domain/path-runs';

/** Converts the paths of a day into stretches of an axis, from 0 to 1. */
export function runPieces(runs: readonly PathRun[]) {
  const starts = runs.map((_, index) =>
    runs.slice(0, index).reduce((sum, { quarters }) => sum + quarters, 0),
  );
  return runs.map(({ path, quarters }, index) => ({
    path,
    start: (starts[index] ?? 0) / QUARTERS,
    width: quarters / QUARTERS,
  }));
}
