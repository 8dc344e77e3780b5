import type { TimeRange } from '../domain/access';
import type { HitCatalog, RollUpId, RollUpRef } from './hit-source';
import type { Periods } from './periods';
import { HOURLY, RESOLUTIONS, startOf } from './resolutions';

/** A part of an hour, whose hits are looked at one by one. */
export type PartialHour = { hour: number } & TimeRange;

/** What makes up a range. */
export type RangePlan = {
  /** Roll-ups that are counted whole. */
  rollUps: RollUpRef[];
  partialHours: PartialHour[];
};

/** What a plan asks of a catalog. */
export type PlanCatalog = Pick<HitCatalog, 'rollUpId' | 'hasHits'>;

/**
 * Plans a range: the fewest roll-ups that make it up, none coarser than `coarsest`, and parts of hours: at its ends, and
 * where local midnight lies inside an hour, as long as no roll-up of that part has been made. Where retention has taken
 * an hour's hits, the range is rounded outwards, to the hour, and the hour around a midnight counts as after it.
 */
export function planRange(
  { from, to }: TimeRange,
  coarsest: number,
  catalog: PlanCatalog,
  periods: Periods,
): RangePlan {
  const whole = {
    from: canSplit(from, catalog) ? from : startOf(from, HOURLY),
    to: canSplit(to, catalog) ? to : startOf(to, HOURLY) + HOURLY,
  };
  const planner = new Planner(whole, catalog, periods);
  const resolutions = RESOLUTIONS.filter((resolution) => resolution <= coarsest);
  if (to > from) planner.descend(whole, resolutions);
  const { rollUps, partialHours } = planner;
  return { rollUps, partialHours };
}

/** Returns a catalog that is asked each thing once: the plans of a question ask for much the same. */
export function askedOnce(catalog: PlanCatalog): PlanCatalog {
  const ids = new Map<number, Map<number, RollUpId | undefined>>();
  const hits = new Map<number, boolean>();
  return {
    rollUpId(length, start) {
      const ofLength = ids.get(length) ?? new Map<number, RollUpId | undefined>();
      if (ofLength.size === 0) ids.set(length, ofLength);
      const id = ofLength.get(start);
      if (id !== undefined || ofLength.has(start)) return id;
      const read = catalog.rollUpId(length, start);
      ofLength.set(start, read);
      return read;
    },
    hasHits(hour) {
      const has = hits.get(hour) ?? catalog.hasHits(hour);
      hits.set(hour, has);
      return has;
    },
  };
}

/** Returns a period as it is counted: its ends are full hours where an hour around them cannot be split. */
export function countedPeriod({ from, to }: TimeRange, catalog: PlanCatalog): TimeRange {
  const counted = (time: number) => (canSplit(time, catalog) ? time : startOf(time, HOURLY));
  return { from: counted(from), to: counted(to) };
}

/** Returns the two parts of the hour around a time; none when it is a full hour. */
export function partsAt(time: number): TimeRange[] {
  const hour = startOf(time, HOURLY);
  const end = hour + HOURLY;
  return hour === time
    ? []
    : [
        { from: hour, to: time },
        { from: time, to: end },
      ];
}

/** Whether it is known what an hour has before and after a time: from its hits, or from roll-ups of both parts. */
function canSplit(time: number, catalog: PlanCatalog): boolean {
  const hour = startOf(time, HOURLY);
  if (hour === time || catalog.rollUpId(HOURLY, hour) === undefined) return true;
  return catalog.hasHits(hour) || hasParts(time, catalog);
}

/** Returns whether there are roll-ups of both parts of the hour around a time. */
export const hasParts = (time: number, catalog: Pick<PlanCatalog, 'rollUpId'>) =>
  partsAt(time).every(({ from, to }) => catalog.rollUpId(to - from, from) !== undefined);

class Planner {
  readonly rollUps: RollUpRef[] = [];
  readonly partialHours: PartialHour[] = [];

  constructor(
    private readonly range: TimeRange,
    private readonly catalog: PlanCatalog,
    private readonly periods: Periods,
  ) {}

  /** Adds what makes up a part of the range, by roll-ups of these resolutions, shortest first. */
  descend(part: TimeRange, resolutions: readonly number[]): void {
    const resolution = resolutions.at(-1) ?? HOURLY;
    for (const period of this.periods.of(part, resolution)) {
      const from = Math.max(period.from, part.from);
      const to = Math.min(period.to, part.to);
      if (resolution === HOURLY) this.addHour(period.from, { from, to });
      else if (!this.addPeriod(period)) this.descend({ from, to }, resolutions.slice(0, -1));
    }
  }

  /** Adds a period's roll-up, if the period lies in the range and there is one. */
  private addPeriod(period: TimeRange): boolean {
    if (this.addRollUp(period)) return true;
    if (period.from % HOURLY === 0 && period.to % HOURLY === 0) return false;
    return this.addRollUp(countedPeriod(period, this.catalog));
  }

  private addHour(hour: number, { from, to }: TimeRange): void {
    const end = hour + HOURLY;
    if (this.catalog.rollUpId(HOURLY, hour) === undefined) return;
    // The whole hour, or a part that has been made.
    if (this.addRollUp({ from, to })) return;
    if (this.catalog.hasHits(hour)) this.addPartialHour({ hour, from, to });
    else if (to === end) this.addRollUp({ from: hour, to: end });
  }

  private addPartialHour(part: PartialHour): void {
    const last = this.partialHours.at(-1);
    if (last?.hour === part.hour && last.to === part.from) last.to = part.to;
    else this.partialHours.push(part);
  }

  private addRollUp({ from, to }: TimeRange): boolean {
    if (from < this.range.from || to > this.range.to) return false;
    const id = this.catalog.rollUpId(to - from, from);
    if (id !== undefined) this.rollUps.push({ resolution: to - from, start: from, id });
    return id !== undefined;
  }
}
