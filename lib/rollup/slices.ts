/** The visitors whose ids are from `first` to `last`. */
export type VisitorRun = { first: number; last: number };

/** Visitors whose rows are wanted, as runs in order of their ids; null: all. */
export type WantedVisitors = readonly VisitorRun[] | null;

/** The most rows that are not divided: most hours are read as fast whole. */
export const MOST_UNDIVIDED = 2_048;
/** The most rows of a slice that has several visitors. */
export const SLICE_ROWS = 512;
/** The most runs that visitors are looked for by: with more, most slices have some of them. */
const MOST_RUNS = 8;

/** How rows are divided into slices. */
export type Slices = {
  /** What each slice has, in order. */
  runs: VisitorRun[];
  /** By visitor id: the number of the slice. */
  of: Uint32Array;
};

/**
 * Divides rows into slices by their visitors, so that a question about few visitors reads few rows. All rows of a visitor
 * are in one slice, which may therefore be larger than others. Returns null when they are too few to be divided.
 */
export function slicesOf(
  visitors: Uint32Array,
  rows: number,
  mostUndivided = MOST_UNDIVIDED,
  sliceRows = SLICE_ROWS,
): Slices | null {
  if (rows <= mostUndivided) return null;
  const counts = new Uint32Array(visitorsIn(visitors, rows).last + 1);
  for (let i = 0; i < rows; i++) {
    const visitor = visitors[i] ?? 0;
    counts[visitor] = (counts[visitor] ?? 0) + 1;
  }
  const of = new Uint32Array(counts.length);
  const runs: VisitorRun[] = [];
  let inSlice = 0;
  counts.forEach((count, visitor) => {
    if (count === 0) return;
    const run = runs.at(-1);
    if (run && inSlice + count <= sliceRows) run.last = visitor;
    else {
      runs.push({ first: visitor, last: visitor });
      inSlice = 0;
    }
    inSlice += count;
    of[visitor] = runs.length - 1;
  });
  return { runs, of };
}

/** Returns the run of all visitors of some rows. */
export function visitorsIn(visitors: Uint32Array, rows: number): VisitorRun {
  let first = visitors[0] ?? 0;
  let last = first;
  for (let i = 1; i < rows; i++) {
    const visitor = visitors[i] ?? 0;
    if (visitor < first) first = visitor;
    else if (visitor > last) last = visitor;
  }
  return { first, last };
}

/** Returns the visitors that are not 0 in a table by id, as runs; null when they are scattered over too many. */
export function runsIn(table: Uint8Array): WantedVisitors {
  const runs: VisitorRun[] = [];
  for (let visitor = 0; visitor < table.length; visitor++) {
    if (table[visitor] !== 0 && !addTo(runs, visitor)) return null;
  }
  return runs;
}

/** Returns some visitors as runs; null when they are scattered over too many. */
export function runsOf(visitors: Iterable<number>): WantedVisitors {
  const runs: VisitorRun[] = [];
  for (const visitor of Uint32Array.from(visitors).sort()) {
    if (!addTo(runs, visitor)) return null;
  }
  return runs;
}

/** Adds a visitor behind those in runs. Returns whether there was room. */
function addTo(runs: VisitorRun[], visitor: number): boolean {
  const run = runs.at(-1);
  if (run?.last === visitor - 1) run.last = visitor;
  else if (runs.length === MOST_RUNS) return false;
  else runs.push({ first: visitor, last: visitor });
  return true;
}

/** Returns whether a slice may have rows of wanted visitors. */
export function hasWanted({ first, last }: VisitorRun, wanted: WantedVisitors): boolean {
  return wanted === null || wanted.some((run) => run.first <= last && run.last >= first);
}
