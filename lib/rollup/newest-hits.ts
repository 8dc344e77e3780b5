import type { AccessFilter, TimeRange } from '../domain/access';
import { counted, type Matcher } from './accumulators';
import { type HitBlock, isBot } from './hit-block';

/** A place in a list of the newest first. */
export type Cursor = { time: number; file: number; offset: number };
/** A hit as found: where it stands in its block. `hour` is the block's start. */
export type Found = Cursor & { block: HitBlock; row: number; hour: number };

/** Keeps the newest of what it is given. */
export class Newest {
  private kept: Found[] = [];
  /** Older than this need not be given: there are enough newer ones. */
  floor = Number.NEGATIVE_INFINITY;

  constructor(private readonly most: number) {}

  add(hit: Found): void {
    this.kept.push(hit);
    if (this.kept.length < 2 * this.most) return;
    this.kept = this.sorted();
    this.floor = this.kept.at(-1)?.time ?? this.floor;
  }

  sorted(): Found[] {
    return this.kept.sort(newerFirst).slice(0, this.most);
  }
}

/** Negative when `a` comes before `b` in a list of the newest first. */
function newerFirst(a: Cursor, b: Cursor): number {
  return b.time - a.time || b.file - a.file || b.offset - a.offset;
}

/** Whether a hit is in the range, and behind `after` in the list. */
export function isWanted(hit: Cursor, range: TimeRange, after: Cursor | null): boolean {
  const { time } = hit;
  return time >= range.from && time < range.to && (!after || newerFirst(hit, after) > 0);
}

/** Adds a block's matching hits. Backwards, as logs are in order of time: what is too old is then known early. */
export function addMatching(
  newest: Newest,
  block: HitBlock,
  hour: number,
  range: TimeRange,
  filter: AccessFilter,
  match: Matcher,
  after: Cursor | null,
): void {
  const { visitor, endpoint, status, time, file, offset } = block.columns;
  for (let row = block.n - 1; row >= 0; row--) {
    const t = hour + (time[row] ?? 0);
    if (t < newest.floor || t < range.from || t >= range.to) continue;
    if (match.endpoint[endpoint[row] ?? 0] !== 1 || match.status[status[row] ?? 0] !== 1) continue;
    if (!counted(match, visitor[row] ?? 0) || (!filter.bots && isBot(block, row))) continue;
    const hit = { time: t, file: file[row] ?? 0, offset: offset[row] ?? 0, block, row, hour };
    if (!after || newerFirst(hit, after) > 0) newest.add(hit);
  }
}
